/* form.js: on pages with a form.  Each block finds its own data- attribute and leaves when it is not there.
   The words come with the script tag (ui.formjs), translated; say('count', {n: 3}) fills in a sentence. */
(() => {
  const d = document, $ = (s, r = d) => r.querySelector(s), $$ = (s, r = d) => [...r.querySelectorAll(s)];
  const { texts, icons } = d.currentScript.dataset, T = JSON.parse(texts);
  const word = (k, v = {}) => T[k].replace(/\{(\w+)\}/g, (_, n) => v[n]);
  const el = (tag, cls, text = '') => Object.assign(d.createElement(tag), { className: cls, textContent: text });
  const icon = n => { const t = d.createElement('template'); t.innerHTML = `<svg class="i" aria-hidden="true"><use href="${icons}#${n}"/></svg>`; return t.content };
  const bytes = n => n >= 1048576 ? (n / 1048576).toFixed(1).replace(/\.0$/, '') + ' MB' : Math.max(1, Math.round(n / 1024)) + ' KB';
  const token = f => $('[name=csrf_token]', f)?.value || f.dataset.csrf || '';
  const post = async (url, body, csrf, more = {}) => {  // {status, ...the server's answer}; throws when the network is gone
    const r = await fetch(url, { method: 'POST', body, headers: { 'X-CSRFToken': csrf, Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' }, ...more });
    if (r.redirected) return { ok: false, status: 401, message: T.loggedOut };
    return { status: r.status, ...await r.json().catch(() => ({ ok: false, message: '' })) };
  };

  // the server words every fault, in one place and one language: browsers' own bubbles stay away
  $$('form[method=post]').forEach(f => f.noValidate = true);

  // after a refused form: the summary takes the focus, the title says so
  const es = $('[data-autofocus]');
  if (es) { es.focus(); d.title = T.errorTitle + d.title }

  // characters left
  $$('[data-count]').forEach(t => {
    const max = +t.dataset.count, p = el('p', 'count');
    const show = () => {
      const n = [...t.value].length;
      p.textContent = n > max ? word('over', { n: n - max }) : word('count', { n, max }); p.classList.toggle('over', n > max);
    };
    t.after(p); t.addEventListener('input', show); show();
  });

  // long multi-selects become a searchable list of ticks
  $$('select[multiple]').forEach(s => {
    if (s.options.length < 2) return;
    const w = el('div', 'pick'), q = el('input', 'form-control'), l = el('div', 'pick__l'), n = el('p', 'pick__n');
    q.type = 'search'; q.placeholder = T.filter; q.setAttribute('aria-label', T.filterLabel); n.setAttribute('role', 'status');
    const count = () => n.textContent = word('chosen', { n: s.selectedOptions.length, all: s.options.length });
    [...s.options].forEach(o => {
      const a = el('label', 'check'), c = el('input', '');
      c.type = 'checkbox'; c.checked = o.selected; c.onchange = () => { o.selected = c.checked; count() };
      a.append(c, o.text); l.append(a);
    });
    q.oninput = () => [...l.children].forEach(a => a.hidden = !a.textContent.includes(q.value));
    w.append(q, l, n); s.hidden = true; s.after(w); count();
  });

  /* searchable select: <select data-combo>.  The select stays, hidden, and is what is sent.  Finds by text, code (value) and
     data-find (pinyin initials).  data-parent="id" narrows it to options whose data-in names the parent's value. */
  $$('select[data-combo]').forEach(s => {
    const w = el('div', 'combo'), q = el('input', 'form-control'), l = el('ul', 'combo__l'), p = s.dataset.parent;
    const up = p && (d.getElementById(p + '-v') || d.getElementById(p));  // the parent's select was renamed when it became a combo
    let at = -1, shown = [];
    Object.assign(q, { id: s.id, type: 'text', placeholder: s.options[0]?.value ? '' : s.options[0]?.text || '', autocomplete: 'off', spellcheck: false }); s.id += '-v'; l.id = q.id + '-l'; l.hidden = true;
    const aria = { role: 'combobox', 'aria-expanded': false, 'aria-controls': l.id, 'aria-autocomplete': 'list', 'aria-describedby': s.getAttribute('aria-describedby') };
    for (const [k, v] of Object.entries(aria)) if (v !== null) q.setAttribute(k, v);
    l.setAttribute('role', 'listbox'); l.setAttribute('aria-label', $(`label[for="${q.id}"]`)?.textContent || T.options);
    const options = () => [...s.options].filter(o => o.value && (!up || (o.dataset.in || '').split(' ').includes(up.value)));
    const text = () => q.value = s.value ? s.selectedOptions[0].text : '';
    const mark = i => {
      at = i; shown.forEach((li, j) => li.toggleAttribute('data-on', j === i));
      if (shown[i]) { q.setAttribute('aria-activedescendant', shown[i].id); shown[i].scrollIntoView({ block: 'nearest' }) } else q.removeAttribute('aria-activedescendant');
    };
    const close = () => { l.hidden = true; q.setAttribute('aria-expanded', false); q.removeAttribute('aria-activedescendant') };
    const open = find => {
      const f = find.trim().toLowerCase();
      const hit = options().filter(o => !f || o.text.toLowerCase().includes(f) || o.value.startsWith(f) || (o.dataset.find || '').startsWith(f));
      shown = hit.map((o, i) => {
        const li = el('li', '', o.text);
        li.id = l.id + i; li.setAttribute('role', 'option'); li.setAttribute('aria-selected', o.selected);
        if (/^\d+$/.test(o.value)) li.append(el('small', 'num', o.value));
        li.onpointerdown = e => e.preventDefault();  // keep the focus in the field
        li.onclick = () => pick(o);
        li._o = o; return li;
      });
      const none = el('li', 'combo__0', T.noOption); none.setAttribute('role', 'option'); none.setAttribute('aria-disabled', true);
      l.replaceChildren(...(shown.length ? shown : [none]));
      l.hidden = false; q.setAttribute('aria-expanded', true); mark(f && shown.length ? 0 : hit.findIndex(o => o.selected));
    };
    const pick = o => { s.value = o.value; text(); close(); s.dispatchEvent(new Event('change', { bubbles: true })); s.dispatchEvent(new Event('input', { bubbles: true })) };
    q.addEventListener('input', e => { e.stopPropagation(); open(q.value) });
    q.onclick = () => l.hidden ? open('') : close();
    q.onfocus = () => q.select();
    q.onblur = () => { close(); if (!q.value.trim() && s.value) pick(s.options[0]); else text() };  // half-typed words never stay
    q.onkeydown = e => {
      const n = shown.length;
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
        e.preventDefault();
        l.hidden ? open('') : mark((at + (e.key === 'ArrowDown' ? 1 : n - 1) + (at < 0 && e.key === 'ArrowUp' ? 1 : 0)) % n);
      } else if (e.key === 'Enter' && !l.hidden) { e.preventDefault(); if (shown[at]) pick(shown[at]._o) }
      else if (e.key === 'Escape' && !l.hidden) { e.stopPropagation(); close(); text() }
    };
    const follow = () => {
      const ok = options(); q.disabled = up && !up.value;
      if (s.value && !ok.includes(s.selectedOptions[0])) pick(s.options[0]);
      else if (up?.value && !s.value && ok.length === 1) pick(ok[0]);  // only one choice: make it
    };
    up?.addEventListener('change', follow);
    s.addEventListener('restored', () => { text(); if (up) follow() });
    s.hidden = true; s.after(w); w.append(q, icon('selector'), l); text(); if (up) follow();
  });

  // months and days as text: type=month is missing in several browsers, and a birth year is far to scroll.
  // Takes 201207, 2012.7, 2012年7月, 20120701, 2012年7月1日; shows 2012-07, 2012-07-01
  const MOMENT = { month: /^\s*(\d{4})\D?(\d\d?)\D?\s*$/, date: /^\s*(\d{4})(?:(\d\d)(\d\d)|\D(\d\d?)\D(\d\d?)\D?)\s*$/ };
  $$('[data-month],[data-date]').forEach(i => i.addEventListener('change', () => {
    const m = i.value.normalize('NFKC').match('date' in i.dataset ? MOMENT.date : MOMENT.month);
    if (m) i.value = m.slice(1).filter(Boolean).map(part => part.padStart(2, '0')).join('-');
  }));

  // <input readonly data-computed="sum|product|months" data-of="f-a,f-b">: what the server will compute, while typing
  $$('[data-computed]').forEach(o => {
    const from = o.dataset.of.split(',').map(n => d.getElementById(n)), day = v => /^\d{4}-\d{2}-\d{2}$/.test(v) ? v.split('-').map(Number) : [NaN];
    const plain = n => Number.isFinite(n) ? String(+n.toFixed(6)) : '';
    const ways = {
      sum: v => plain(v.reduce((a, b) => a + +b, 0)), product: v => plain(v.reduce((a, b) => a * +b, 1)),
      months: ([a, b]) => {
        const [y, m, e] = day(a), end = new Date(Date.UTC(...day(b).map((n, i) => i === 1 ? n - 1 : i === 2 ? n + 1 : n))), last = end.getTime();
        return last > Date.UTC(y, m - 1, e) ? plain((end.getUTCFullYear() - y) * 12 + end.getUTCMonth() + 1 - m - (end.getUTCDate() < e)) : '';
      },
    };
    const show = () => { const v = from.map(i => i.value.normalize('NFKC').trim()); o.value = v.every(Boolean) ? ways[o.dataset.computed](v) : '' };
    from.forEach(i => { i.addEventListener('input', show); i.addEventListener('change', show) });
  });

  // captcha, password eye, SMS code
  const emptyCaptcha = r => {
    const box = $('[data-captcha-answer]', r), state = $('[data-captcha-state]', r);
    if (box) { box.value = ''; box.readOnly = false }
    if (state) state.textContent = '';
    return box;
  };
  const newCaptcha = r => {
    const img = $('[data-captcha]', r);
    if (img) img.src = img.dataset.captcha + (img.dataset.captcha.includes('?') ? '&' : '?') + 't=' + Date.now();
    return emptyCaptcha(r);
  };
  // the same captcha without looking: a worker searches for the answer (proof.js), which then stands in the field
  const prove = async t => {
    const r = t.closest('.field'), state = $('[data-captcha-state]', r), box = emptyCaptcha(r);  // no new picture: it would end the task
    const say = (text, cls) => { state.textContent = text; state.className = cls };
    t.disabled = true; say(T.proving, 'hint');
    const task = await fetch(t.dataset.captchatask).then(a => a.ok ? a.json() : null).catch(() => null);
    const answer = task && await new Promise(done => {
      const w = new Worker(t.dataset.worker);
      w.onmessage = e => { done(String(e.data)); w.terminate() };
      w.onerror = () => { done(''); w.terminate() };
      w.postMessage(task);
    });
    t.disabled = false;
    if (!answer) return say(T.notProven, 'err');
    box.value = answer; box.readOnly = true; say(T.proven, 'good');
  };
  d.addEventListener('click', async e => {
    const t = e.target.closest('[data-newcaptcha],[data-captchatask],[data-show],[data-sms]');
    if (!t) return;
    const f = t.closest('form') || d;
    if ('newcaptcha' in t.dataset) newCaptcha(f)?.focus();
    if (t.dataset.captchatask) prove(t);
    if (t.dataset.show) { const p = $(t.dataset.show), on = p.type === 'password'; p.type = on ? 'text' : 'password'; t.setAttribute('aria-pressed', on) }
    if (t.dataset.sms !== undefined) {
      const say = $('[data-sms-state]', t.closest('.field')), phone = $(t.dataset.phone), cap = $('[data-captcha-answer]', f);
      const tell = (text, bad) => { say.textContent = text; say.className = bad ? 'err' : 'good' };
      const no = phone.value.normalize('NFKC').replace(/\D/g, '').replace(/^86(?=1\d{10}$)/, '');
      if (!/^1\d{10}$/.test(no)) { tell(T.phoneFirst, true); return phone.focus() }
      if (cap && !cap.value.trim()) { tell(T.captchaFirst, true); return cap.focus() }
      const body = new FormData(), name = t.textContent;
      for (const [k, v] of Object.entries({ phone: no, captcha: cap?.value.trim() || '', purpose: t.dataset.purpose, csrf_token: token(f) })) body.append(k, v);
      t.disabled = true; tell(T.sending);
      const a = await post(t.dataset.sms, body, token(f)).catch(() => ({ ok: false, message: T.offline, kept: true }));
      tell(a.message || (a.ok ? '' : T.offline), !a.ok);
      if (a.new_captcha ?? (!a.ok && !a.kept)) newCaptcha(f);
      let n = +a.wait || 0;
      const tick = () => { t.disabled = n > 0; t.textContent = n ? word('wait', { n }) : a.ok ? T.again : name; if (n-- > 0) setTimeout(tick, 1000) };
      tick();
      if (a.ok) $('input', t.closest('.cap')).focus(); else (a.new_captcha ?? !a.kept) && cap?.focus();
    }
  });
  $$('[data-pw]').forEach(p => p.addEventListener('input', () => $$('[data-rule]', p.closest('.field')).forEach(r => {
    const ok = new RegExp(r.dataset.rule).test(p.value);
    r.classList.toggle('ok', ok); $('.sr', r).textContent = ok ? T.ruleOk : '';
  })));

  // <input data-unitkey="url"> with <p data-unitname>: the key proves belonging; posts `key`, answer {ok, message, name}
  const key = $('[data-unitkey]');
  if (key) key.onchange = async () => {
    const o = $('[data-unitname]'), v = key.value.trim();
    o.textContent = '';
    if (!v) return;
    const a = await post(key.dataset.unitkey, new URLSearchParams({ key: v }), token(key.form)).catch(() => ({ ok: false, message: T.offline }));
    o.className = a.ok ? 'good' : 'err';
    o.textContent = a.ok ? word('unitIs', { name: a.name }) : a.message || T.noUnit;
  };

  /* Repeating rows: <form data-rows> with <ul data-list> of .row cards, <template data-row>, <dialog id="rowdlg">.
     A row holds hidden inputs, one per field, and [data-show="{from} 至 {to}"]; the dialog holds fields named d-<field>.
     data-span="from,to" on the form adds months up, warns of gaps of three months and refuses an end before its start. */
  const form = $('[data-rows]');
  if (form) {
    const list = $('[data-list]', form), dlg = $('#rowdlg'), undo = $('[data-undo]', form), blank = $('template[data-row]', form), span = form.dataset.span?.split(',');
    const get = r => Object.fromEntries($$('input', r).map(i => [i.name, i.value]));
    const month = v => v ? v.slice(0, 4) * 12 + +v.slice(5, 7) : new Date().getFullYear() * 12 + new Date().getMonth() + 1;
    const gaps = () => $$('.gap', list).forEach(g => g.remove());
    const draw = changed => {
      gaps();
      const rows = $$('.row', list), vals = rows.map(get), total = $('[data-total]', form);
      rows.forEach((r, i) => $$('[data-show]', r).forEach(x => x.textContent = x.dataset.show.replace(/\{(\w+)\}/g, (_, n) => vals[i][n] || (span && n === span[1] ? T.now : ''))));
      let text = word('rowsTotal', { n: rows.length });
      if (span && rows.length) {
        const [a, b] = span, m = vals.reduce((s, v) => s + month(v[b]) - month(v[a]) + 1, 0);
        text += '，' + word('months', { years: Math.floor(m / 12), months: m % 12 });
        rows.slice(1).forEach((r, i) => {
          const n = month(vals[i + 1][a]) - month(vals[i][b]) - 1;
          if (n < 3) return;
          const g = el('li', 'gap note note--warn'); g.append(icon('alert-triangle'), word('gap', { from: vals[i][b], to: vals[i + 1][a], n })); r.before(g);
        });
      }
      if (total) total.textContent = text;
      if (changed) form.dispatchEvent(new Event('input', { bubbles: true }));
    };
    const edit = row => {
      const fields = $$('[name^=d-]', dlg), err = $('[data-err]', dlg), v = row ? get(row) : {};
      fields.forEach(x => { x.value = v[x.name.slice(2)] ?? '' }); err.hidden = true;
      dlg.returnValue = ''; dlg.showModal();
      $('form', dlg).onsubmit = e => {
        if (e.submitter?.value !== 'yes') return;
        const now = Object.fromEntries(fields.map(x => [x.name.slice(2), x.value.trim()])), empty = fields.find(x => x.required && !x.value.trim());
        const bad = empty ? word('fill', { name: $(`label[for="${empty.id}"]`, dlg).textContent }) : span && now[span[1]] && now[span[1]] < now[span[0]] ? T.order : '';
        if (bad) { e.preventDefault(); err.textContent = bad; err.hidden = false; (empty || fields[0]).focus(); return }
        const r = row || list.appendChild(blank.content.firstElementChild.cloneNode(true));
        $$('input', r).forEach(i => i.value = now[i.name] ?? i.value); draw(true);
        setTimeout(() => $('[data-edit]', r).focus());
      };
    };
    form.addEventListener('click', e => {
      const t = e.target.closest('[data-add],[data-edit],[data-del],[data-up],[data-down]'), row = t?.closest('.row');
      if (!t) return;
      if ('add' in t.dataset) edit();
      if ('edit' in t.dataset) edit(row);
      if ('up' in t.dataset || 'down' in t.dataset) {
        gaps();
        'up' in t.dataset ? row.previousElementSibling?.before(row) : row.nextElementSibling?.after(row); draw(true); t.focus();
      }
      if ('del' in t.dataset) {  // no question asked: taken away at once, and brought back with one click
        gaps();
        const next = row.nextElementSibling; row.remove(); draw(true);
        undo.hidden = false; $('span', undo).textContent = word('deleted', { name: $('h2,h3,b', row).textContent });
        const b = $('button', undo); b.focus(); b.onclick = () => { gaps(); list.insertBefore(row, next); undo.hidden = true; draw(true); $('[data-edit]', row).focus() };
      }
    });
    draw(false);
  }

  // votes must add up: 同意 + 不同意 + 弃权 = 实到 ≤ 应到; passed with two thirds of those present
  $$('[data-votes]').forEach(box => {
    const v = id => +$('#v-' + id, box).value || 0, st = $('[data-votes-state]', box);
    const show = () => {
      const all = v('all'), here = v('in'), yes = v('yes'), sum = yes + v('no') + v('abs'), need = Math.ceil(here * 2 / 3);
      const bad = all < 5 || all % 2 === 0 ? T.votesOdd : here > all ? word('votesMore', { here, all }) : here * 3 < all * 2 ? word('votesFew', { here })
        : sum !== here ? word(sum < here ? 'votesLess' : 'votesOver', { sum, here, n: Math.abs(here - sum) }) : '';
      st.textContent = bad || word(yes >= need ? 'votesPass' : 'votesFail', { yes, need });
      st.className = 'note note--' + (bad || yes < need ? 'danger' : 'ok');
    };
    box.addEventListener('input', show); show();
  });
})();
