/* draft.js: what is typed is never lost.  <form data-autosave="url" data-draft-key="draft:…"> with a hidden `version` is saved
   while typing, when the page is left, and before it is sent; the server answers {ok, version, saved_at, notice} or
   {ok: false, conflict, message}.  What could not be sent stays in this browser, under the key of its account and page, and is
   offered when the page opens again; after logging out nothing of it is left (site.js).
   data-choice on the form: two versions beside each other; nothing is saved before the person has chosen.
   <div data-drafts="draft:…:" data-base="/my/…/"> lists the copies below that key with links to their pages. */
(() => {
  const d = document, $ = (s, r = d) => r.querySelector(s), $$ = (s, r = d) => [...r.querySelectorAll(s)];
  const { texts, icons } = d.currentScript.dataset, T = JSON.parse(texts);
  const word = (k, v = {}) => T[k].replace(/\{(\w+)\}/g, (_, n) => v[n]);
  const el = (tag, cls, text = '') => Object.assign(d.createElement(tag), { className: cls, textContent: text });
  const icon = n => { const t = d.createElement('template'); t.innerHTML = `<svg class="i" aria-hidden="true"><use href="${icons}#${n}"/></svg>`; return t.content };
  const SOON = 1500, LONG = 10000, LATEST = 60000, KEEPALIVE_MAX = 60000;  // ms; bytes: browsers let 64 KiB outlive a page

  const time = at => {
    const day = new Date(at), hour = day.toTimeString().slice(0, 5);
    return day.toDateString() === new Date().toDateString() ? hour : word('day', { month: day.getMonth() + 1, day: day.getDate(), hour });
  };
  const note = (ic, text, ...buttons) => {
    const bar = el('div', 'note note--warn');
    bar.append(icon(ic), el('p', '', text), ...buttons); return bar;
  };
  let notes;  // on top of the page, and in sight wherever one types
  const post = (bar, role, before) => {
    if (!notes) { notes = el('div', 'notes'); const head = $('.page-head'); head ? head.after(notes) : $('#main').prepend(notes) }
    bar.setAttribute('role', role); bar.tabIndex = -1; before ? notes.prepend(bar) : notes.append(bar); return bar;
  };
  const button = (text, click) => Object.assign(el('button', 'btn btn-s', text), { type: 'button', onclick: click });

  // copies in this browser; each page has its own, so that two windows do not overwrite each other's
  const copies = {
    keys(start) { try { return Object.keys(localStorage).filter(k => k.startsWith(start)) } catch { return [] } },
    get(key) { try { return JSON.parse(localStorage.getItem(key)) } catch { return null } },
    set(key, copy) { try { localStorage.setItem(key, JSON.stringify(copy)); return true } catch { return false } },
    drop(key) { try { localStorage.removeItem(key) } catch {} },
  };
  const handed = {  // from the page that was sent to the page that answers it, in the same window
    give(key) { try { sessionStorage.setItem('draft', key) } catch {} },
    take() { try { const key = sessionStorage.getItem('draft'); sessionStorage.removeItem('draft'); return key } catch { return null } },
  };
  const from = handed.take(), forms = [];
  let left = false;  // logged out here or in another window: nothing is written down any more

  $$('form[data-autosave]').forEach(f => {
    const { autosave: url, draftKey: base } = f.dataset, choice = 'choice' in f.dataset, version = f.elements.version;
    const own = base + '~' + Math.random().toString(36).slice(2), adopted = choice && from ? [from] : [];
    const out = $('[data-draft-state]', f) || $('[data-draft-state]');
    let dirty = false, failed = false, stopped = '', running = null, sure = false, wait = SOON, since = 0, timer, trouble, closing;

    const fields = () => [...new FormData(f)].filter(([n, v]) => typeof v === 'string' && f.elements[n]?.type !== 'password');
    const typed = () => fields().filter(([n]) => n !== 'csrf_token' && n !== 'version');
    const first = new Set(typed().map(p => p.join('\0'))), changed = () => typed().filter(p => !first.has(p.join('\0'))).map(([n]) => n);
    const state = (ic, text) => out?.replaceChildren(icon(ic), text);
    const keep = () => !left && !choice && copies.set(own, { at: Date.now(), version: version?.value, v: typed() });
    const drop = () => { [own, ...adopted.splice(0)].forEach(copies.drop) };
    const say = (ic, text, ...buttons) => {
      trouble?.remove(); trouble = post(note(ic, text, ...buttons), 'alert', true); state(ic, T.notSaved);
    };
    const again = () => Object.assign(el('a', 'btn btn-s', T.again), { href: location.pathname + location.search });
    const stop = (why, a) => {
      stopped = why; keep();
      if (why === 'ended') say('lock', T.ended, again());
      else if (why === 'left') say('lock', T.left, again());
      else say('alert-triangle', a.message, button(a.conflict ? T.compare : T.show, send));
    };
    // the comparison proposes what this page has changed, and for all the rest what is stored
    const send = () => {
      if (stopped) changed().forEach(n => f.append(Object.assign(el('input', ''), { type: 'hidden', name: 'touched', value: n })));
      sure = true; handed.give(own); f.submit();
    };
    const answered = a => {
      if (a.ok) {
        if (version && a.version !== undefined) version.value = a.version;
        failed = false; wait = SOON; trouble?.remove(); if (!dirty) drop();
        state('cloud-check', word('saved', { time: a.saved_at || time(Date.now()) }));
        if ((a.notice || '') !== (closing?.textContent || '')) {
          closing?.remove(); closing = a.notice ? post(note('clock', a.notice), 'alert') : null;
        }
      } else if ([400, 401].includes(a.status)) stop('ended');  // 400: the token of an earlier session
      else if (a.status < 500 && a.status !== 429) stop('refused', a);
      else later(a.status === 429 ? a.message : T.server);
    };
    const later = text => {
      dirty = failed = true; wait = Math.min(wait * 2, LATEST);
      state('cloud-off', keep() ? word('here', { why: text, time: time(Date.now()) }) : T.notSaved);
    };
    const save = () => {
      clearTimeout(timer);
      if (running || !dirty || stopped) return running;
      dirty = false; since = 0; state('refresh', T.saving);
      const body = new URLSearchParams(fields()), headers = { 'X-CSRFToken': f.elements.csrf_token?.value || '', Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' };
      return running = fetch(url, { method: 'POST', body, headers, keepalive: body.toString().length < KEEPALIVE_MAX })
        .then(async r => answered({ status: r.redirected ? 401 : r.status, ...await r.json().catch(() => ({ ok: false, message: '' })) }), () => later(T.offline))
        .finally(() => { running = null; if (dirty && !stopped && !sure) timer = setTimeout(save, wait) });
    };
    const finish = async () => { await running; await save() };  // everything typed has been sent, or it is said why not
    forms.push({ finish, leave: () => { left = true; stop('left') } });

    const touch = e => {
      if (e.target.type === 'file' || choice) return;
      dirty = true; since ||= Date.now(); clearTimeout(timer);
      const long = !failed && Date.now() - since > LONG;  // somebody who types without a pause
      timer = setTimeout(stopped ? keep : save, long ? 0 : wait);
    };
    f.addEventListener('input', touch); f.addEventListener('change', touch);
    const away = () => { if ((dirty || running) && !sure) { keep(); save() } };
    addEventListener('pagehide', away); d.addEventListener('visibilitychange', () => { if (d.hidden) away() });
    addEventListener('online', save);
    addEventListener('beforeunload', e => { if (dirty && !keep() && !left && !sure) e.preventDefault() });
    // The save before the sending says what hinders while the page is still there: no network, an ended session.
    f.addEventListener('submit', async e => {
      if (e.defaultPrevented || sure) return;
      e.preventDefault();
      if (choice) dirty = true;
      do await finish(); while (dirty && !failed && !stopped);
      if (stopped === 'ended' || stopped === 'left') return trouble.focus();
      if (!failed || stopped) return send();
      say('cloud-off', T.notSent); trouble.focus();
    });
    if (choice) return;

    // a copy that differs from what is stored is offered; one that says the same has done its duty
    const month = /^(\d{4})\D?(\d{1,2})\D?$/;
    const norm = v => { const t = v.normalize('NFKC').replace(/\s/g, ''), m = t.match(month); return m ? m[1] + '-' + m[2].padStart(2, '0') : t };
    const pair = ([n, v]) => n + '\0' + norm(v), now = new Set(typed().map(pair));
    const found = copies.keys(base + '~').map(key => ({ key, ...copies.get(key) })).filter(c => {
      const news = (c.v || []).some(p => f.elements[p[0]] && !now.has(pair(p)));
      if (!news) copies.drop(c.key);
      return news;
    });
    found.sort((a, b) => b.at - a.at).forEach(copy => {
      const bar = note('cloud-off', word('found', { time: time(copy.at) }), button(T.restore, () => {
        const rest = [...copy.v];
        [...f.elements].filter(x => x.name && !['file', 'submit', 'hidden'].includes(x.type)).forEach(x => {
          const i = rest.findIndex(([n, v]) => n === x.name && (!['checkbox', 'radio'].includes(x.type) || v === x.value));
          if (x.multiple) [...x.options].forEach(o => o.selected = rest.some(([n, v]) => n === x.name && v === o.value));
          else if (['checkbox', 'radio'].includes(x.type)) x.checked = i >= 0; else if (i >= 0) x.value = rest.splice(i, 1)[0][1];
          x.dispatchEvent(new Event('restored'));
        });
        // with the version that it was typed upon: what another window has saved since is not overwritten
        if (version && copy.version !== undefined) version.value = copy.version;
        adopted.push(copy.key); $$('[data-offer]').forEach(b => b.remove()); f.dispatchEvent(new Event('input', { bubbles: true })); save();
      }), button(T.discard, () => { copies.drop(copy.key); bar.remove() }));
      bar.dataset.offer = ''; post(bar, 'status');
    });
  });

  // 「全部用已保存的」: the copy of the page that was compared is given up
  $$('[data-give-up]').forEach(a => a.addEventListener('click', () => { if (from) copies.drop(from) }));

  // pages above: which of their forms have a copy here
  $$('[data-drafts]').forEach(box => copies.keys(box.dataset.drafts).forEach(key => {
    const copy = copies.get(key), [code, row] = key.slice(box.dataset.drafts.length).split('~')[0].split(':');
    if (!copy) return copies.drop(key);
    const a = Object.assign(el('a', 'btn btn-s', T.open), { href: box.dataset.base + (code ? code + '/' : '') + (row ? `rows/${row}/` : '') });
    const bar = note('cloud-off', word('copy', { time: time(copy.at) }), a, button(T.discard, () => { copies.drop(key); bar.remove() }));
    box.append(bar);
  }));

  // logging out: what was typed is saved first; the other windows hear of it
  addEventListener('storage', e => { if (e.key === 'left') forms.forEach(f => f.leave()) });
  d.addEventListener('submit', e => {
    if (!e.target.matches('[data-logout]') || !forms.length) return;
    e.preventDefault();
    Promise.race([Promise.all(forms.map(f => f.finish())), new Promise(r => setTimeout(r, 3000))]).finally(() => { left = true; e.target.submit() });
  });
})();
