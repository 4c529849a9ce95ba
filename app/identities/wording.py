"""The sentences for what is refused here: what happened, and what to do next."""

from __future__ import annotations

from flask_babel import gettext as _
from markupsafe import Markup

from app.accounts import wording as accounts
from app.accounts.services import IdTaken
from app.identities import services
from app.identities.models import CHANGE_STATES, RECOVERY_STATES, ChangeState, RecoveryState
from app.identities.papers import NAMES


def sentence(error: Exception) -> str:
    """What the person reads about `error`."""
    match error:
        case services.Unchanged():
            return _("姓名和证件号码与现在登记的一样，没有需要修改的。")
        case services.PaperMissing(kind=kind):
            return _("请上传%(paper)s。", paper=NAMES[kind])
        case services.AlreadyOpen():
            return _("已有一件正在办理，请先办完或撤回，再重新申请。")
        case services.AlreadyDecided():
            return _("这件申请刚刚已由他人办理，下面是最新的结果。")
        case services.OwnCase():
            return _("不能办理本人的申请，请由职改办或另一位管理员办理。")
        case IdTaken():
            return _("该证件号码已用于另一个账号，不能修改；两个账号都是本人的，请先注销不用的那个。")
    return accounts.sentence(error)


def badge(state: ChangeState | RecoveryState) -> Markup:
    """The state in words; both kinds say "open", each in its own."""
    name, tone = CHANGE_STATES[state] if isinstance(state, ChangeState) else RECOVERY_STATES[state]
    return Markup('<span class="badge badge--{}">{}</span>').format(tone, _(name))


