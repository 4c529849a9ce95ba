"""What an approved unit does about itself: 单位秘钥, 单位信息, 经办人. Its people are in member_views."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Response, abort, current_app, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts.roles import Role
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name
from app.extensions import business_now, db
from app.files.services import PICTURE_MAX_BYTES, Format, take
from app.gateways.scanner import ScannerUnavailable
from app.gateways.storage import FileRefused, StorageUnavailable
from app.units import belonging, doorway, forms, paperwork, queries, wording
from app.units.belonging import OwnAccount
from app.units.keys import grouped
from app.units.models import Unit
from app.units.queries import NotVisible
from app.units.seal import NoSealSeen, clean_seal
from app.units.services import LoginNameTaken
from app.web.scoping import current_actor, current_person
from app.web.theme import link
from app.web.views import TaskView


def own_unit() -> Unit:
    """The unit of whoever is logged in; 404 for everybody else."""
    return belonging.own_unit(db.session, current_actor()) or abort(404)


def account_links() -> list[tuple[str, str, str]]:
    """What the account menu of a unit's staff offers at the top right: 单位秘钥, 单位信息, 更换手机."""
    if current_person().unit is None or current_actor().unit_id is None:
        return []
    offered = [
        (_("单位秘钥"), "key", link("UnitKeyView.show")),
        (_("单位信息"), "building", link("UnitInfoView.show")),
        (_("更换手机"), "phone", link("AccountView.phone")),
    ]
    return [entry for entry in offered if entry[2]]


class UnitKeyView(TaskView):
    route_base = "/unit/key"
    default_view = "show"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("show")
    def show(self) -> Any:
        unit = own_unit()
        return self.page(
            "units/key.html", title=_("单位秘钥"), unit=unit, key=grouped(unit.key) if unit.key else "",
            members=queries.member_count(db.session, unit.id),
            may_generate=current_actor().may("can_generate", "UnitKeyView"),
        )  # fmt: skip

    @expose("/generate", methods=["POST"])
    @has_access
    @permission_name("generate")
    def generate(self) -> Any:
        unit = own_unit()
        had_one = bool(unit.key)
        belonging.generate_key(db.session, unit, current_actor(), now=business_now())
        db.session.commit()
        sentence = _("新秘钥已生成，旧秘钥已失效；已加入的人员不受影响。") if had_one else _("单位秘钥已生成。")
        return self.done(sentence, url_for(".show"))

    @expose("/qr.svg", methods=["GET"])
    @has_access
    @permission_name("show")
    def qr(self) -> Any:
        """The registration page with the key filled in, as a QR code."""
        key = own_unit().key or abort(404)
        out = io.BytesIO()
        address = f"{current_app.config['PUBLIC_BASE_URL']}/register/?key={key}"
        segno.make(address, error="m").save(out, kind="svg", scale=6, border=2, xmldecl=False)
        return Response(out.getvalue(), mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


class UnitInfoView(TaskView):
    route_base = "/unit/info"
    default_view = "show"

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("show")
    def show(self) -> Any:
        unit, actor = own_unit(), current_actor()
        data = {"contact_name": unit.contact_name, "level": unit.level_code, "nature": unit.nature_code}
        form = forms.ContactForm(data=data)
        may_edit = actor.may("can_edit", "UnitInfoView")
        if request.method == "POST":
            if not may_edit:
                abort(403)
            if form.validate():
                belonging.change_contact(
                    db.session, unit, actor, contact_name=form.contact_name.data,
                    contact_phone=form.contact_phone.data, level_code=form.level.data,
                    nature_code=form.nature.data, now=business_now(),
                )  # fmt: skip
                db.session.commit()
                return self.done(_("单位信息已保存。"), url_for(".show"))
        return self.page(
            "units/info.html", title=_("单位信息"), unit=unit, form=form, may_edit=may_edit,
            division=code_name(db.session, CodeList.DIVISION_LIUZHOU, unit.division_code),
            seal=queries.files_of(db.session, unit).get("seal"), status=422 if form.errors else 200,
        )  # fmt: skip

    @expose("/seal", methods=["POST"])
    @has_access
    @permission_name("edit")
    def seal(self) -> Any:
        """A photo of the stamp; only its red is kept."""
        unit, upload = own_unit(), request.files.get("file")
        if upload is None or not upload.filename:
            return self.done(_("没有收到文件，请重新选择。"), url_for(".show"), "danger")
        gateways = current_app.extensions["gateways"]
        storage = gateways.storage
        try:
            photo = take(storage, gateways.scanner, upload.stream, name=upload.filename, formats=(Format.JPG,))
            try:
                with storage.open(photo.storage_key) as file:
                    png = clean_seal(file.read())
            finally:
                storage.delete(photo.storage_key)
            picture = paperwork.put_png(png, photo.name, PICTURE_MAX_BYTES)
        except NoSealSeen:
            sentence = _("照片里没有找到红色印章。请在白纸上盖红章，光线均匀，拍清楚后再传。")
            return self.done(sentence, url_for(".show"), "danger")
        except (FileRefused, StorageUnavailable, ScannerUnavailable) as error:
            return self.done(wording.seal_refused(error), url_for(".show"), "danger")
        belonging.set_seal(db.session, unit, current_actor(), picture=picture, now=business_now())
        db.session.commit()
        return self.done(_("公章图片已保存，电子签章由它生成。"), url_for(".show"))

    @expose("/seal.png", methods=["GET"])
    @has_access
    @permission_name("show")
    def seal_picture(self) -> Any:
        return paperwork.send(queries.files_of(db.session, own_unit()).get("seal") or abort(404))


class UnitOperatorsView(TaskView):
    """经办人 of the unit: list, add, turn off and on, a new password; for its administrator only."""

    route_base = "/unit/operators"
    default_view = "list"

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("list")
    def list(self) -> Any:
        unit, form = own_unit(), forms.OperatorForm()
        if request.method == "POST" and form.validate() and self._added(unit, form):
            return self.done(_("经办人账号已建立，请把登录名和密码告诉本人。"), url_for(".list"))
        return self.page(
            "units/operators.html", title=_("单位经办人"), form=form, own_id=current_actor().person_id,
            operators=queries.operators(db.session, unit.id), admin=Role.UNIT_ADMIN.value,
            status=422 if form.errors else 200,
        )  # fmt: skip

    def _added(self, unit: Unit, form: forms.OperatorForm) -> bool:
        try:
            belonging.add_operator(
                db.session, unit, current_actor(), name=form.name.data, login_name=form.login_name.data,
                phone=form.phone.data, password=form.password.data, now=business_now(),
                hash_method=doorway.hash_method(),
            )  # fmt: skip
            db.session.commit()
            return True
        except (LoginNameTaken, IntegrityError):
            db.session.rollback()
            form.login_name.errors = [wording.login_name_taken()]
            return False

    @expose("/<int(max=2147483647):person_id>/disable", methods=["POST"])
    @has_access
    @permission_name("list")
    def disable(self, person_id: int) -> Any:
        return self._switch(person_id, False, _("账号已停用，本人已退出登录。"))

    @expose("/<int(max=2147483647):person_id>/enable", methods=["POST"])
    @has_access
    @permission_name("list")
    def enable(self, person_id: int) -> Any:
        return self._switch(person_id, True, _("账号已启用。"))

    @expose("/<int(max=2147483647):person_id>/password", methods=["POST"])
    @has_access
    @permission_name("list")
    def password(self, person_id: int) -> Any:
        """The new password stands on this answer only: nobody can look it up again."""
        try:
            person = queries.operator(db.session, own_unit().id, person_id)
            password = belonging.reset_password(
                db.session, person, current_actor(), now=business_now(), hash_method=doorway.hash_method()
            )
        except NotVisible:
            abort(404)
        except OwnAccount:
            return self.done(_("自己的密码请在「修改密码」里修改。"), url_for(".list"), "danger")
        db.session.commit()
        return self.page(
            "units/operator_password.html", title=_("%(name)s的新密码", name=person.name), person=person, password=password
        )

    def _switch(self, person_id: int, active: bool, sentence: str) -> Any:
        try:
            person = queries.operator(db.session, own_unit().id, person_id)
            belonging.switch_operator(db.session, person, current_actor(), active=active, now=business_now())
        except NotVisible:
            abort(404)
        except OwnAccount:
            return self.done(_("不能停用自己的账号，请由另一位单位管理员办理。"), url_for(".list"), "danger")
        db.session.commit()
        return self.done(sentence, url_for(".list"))
