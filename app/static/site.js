/* site.js: on every page.  Only adds comfort: each page works without it.  No inline handlers, so the policy is script-src 'self'. */
(() => {
  const d = document, root = d.documentElement, T = JSON.parse(d.currentScript.dataset.texts);
  const $ = (s, r = d) => r.querySelector(s), $$ = (s, r = d) => [...r.querySelectorAll(s)];
  const store = {  // localStorage may be switched off: then nothing is remembered, nothing breaks
    get(k, v) { try { return JSON.parse(localStorage.getItem(k)) ?? v } catch { return v } },
    set(k, v) { try { localStorage.setItem(k, JSON.stringify(v)) } catch {} },
  };
  root.classList.add('js');

  // large type (大字版)
  const big = on => {
    root.classList.toggle('big', on);
    $$('[data-bigtext]').forEach(b => b.setAttribute('aria-pressed', on));
    store.set('big', on);
  };
  big(store.get('big', false));

  const side = on => {  // over the page: nothing behind it takes the focus, and closing gives it back
    const toggle = $('[data-toggle-side]'), was = d.body.classList.contains('nav-open');
    d.body.classList.toggle('nav-open', on);
    toggle?.setAttribute('aria-expanded', on);
    $$('.main, .foot, .tabs-bottom').forEach(x => x.inert = on);
    if (on) requestAnimationFrame(() => requestAnimationFrame(() => $('.side a')?.focus()));
    else if (was) toggle?.focus();
  };

  // one click listener; the attribute names the action
  const CLICK = {
    bigtext: () => big(!root.classList.contains('big')),
    toggleSide: () => side(!d.body.classList.contains('nav-open')),
    dismiss: t => t.closest('.note').remove(),
    more: t => t.setAttribute('aria-expanded', t.closest('form').classList.toggle('is-more')),
    print: () => print(),
    back: () => history.length > 1 ? history.back() : location = '/',
    density: t => { const on = t.closest('[data-grid]').classList.toggle('is-tight'); t.setAttribute('aria-pressed', on); store.set('tight', on) },
    unselect: t => { $$('.action_check:checked', t.closest('[data-grid]')).forEach(c => c.checked = false); sel() },
    async copy(t) { await navigator.clipboard.writeText($(t.dataset.copy).textContent.trim()); t.lastChild.textContent = T.copied },
    reason(t) {  // add a ready phrase to the opinion
      const a = $('#rs');
      if (!a) return;
      a.value = (a.value.trim() ? a.value.trim() + '\n' : '') + t.dataset.reason;
      a.focus(); a.dispatchEvent(new Event('input', { bubbles: true }));
    },
    saveFilter() {
      const n = prompt(T.nameFilter);
      if (!n) return;
      const k = 'flt:' + location.pathname;
      store.set(k, [...store.get(k, []), [n, location.search]]); saved();
    },
  };
  const attr = k => '[data-' + k.replace(/[A-Z]/g, c => '-' + c.toLowerCase()) + ']';
  const clickable = Object.keys(CLICK).map(attr).join();
  d.addEventListener('click', e => {
    const t = e.target.closest(clickable);
    $$('details.menu[open]').forEach(m => { if (!m.contains(e.target) || t?.dataset.reason) m.open = false });
    if (t) CLICK[Object.keys(CLICK).find(k => k in t.dataset)](t);
    else if (d.body.classList.contains('nav-open') && !e.target.closest('.side')) side(false);
  });
  d.addEventListener('keydown', e => {
    if (e.key !== 'Escape') return;
    side(false);
    $$('details.menu[open]').forEach(m => { m.open = false; $('summary', m).focus() });
  });

  // filters somebody saved appear as extra tabs
  const saved = () => {
    const q = $('[data-quick]');
    if (!q) return;
    $$('.is-saved', q).forEach(x => x.remove());
    store.get('flt:' + location.pathname, []).forEach(([n, s]) => {
      const a = d.createElement('a');
      a.className = 'is-saved'; a.href = location.pathname + s; a.textContent = '★ ' + n;
      if (s === location.search) a.setAttribute('aria-current', 'true');
      q.append(a);
    });
  };
  saved();
  if (innerWidth <= 720) $$('[data-filterbox],[data-folds]').forEach(x => x.open = false);

  // countdowns: data-left is what the server's clock leaves, in seconds; the visitor's clock may be wrong
  const began = performance.now();
  const tick = () => $$('[data-left]').forEach(b => {
    const s = Math.max(0, Math.round(b.dataset.left - (performance.now() - began) / 1000));
    const [text, big, small] = s >= 86400 ? [T.days, 86400, 3600] : s >= 3600 ? [T.hours, 3600, 60] : [T.minutes, 60, 1];
    b.textContent = text.replace('{a}', Math.floor(s / big)).replace('{b}', Math.floor(s % big / small));
  });
  if ($('[data-left]')) setInterval(tick, 1000);

  // the answer to logging out: nothing that was typed stays behind, and the other windows hear of it
  if (/(^|; )left=/.test(d.cookie)) {
    try {
      Object.keys(localStorage).filter(k => k.startsWith('draft:')).forEach(k => localStorage.removeItem(k));
      localStorage.setItem('left', Date.now());
    } catch {}
    d.cookie = 'left=; Max-Age=0; Path=/; SameSite=Lax';
  }

  // ask first: any form or submit button with data-confirm
  const dlg = $('#dlg-confirm');
  d.addEventListener('submit', e => {
    const b = e.submitter, text = b?.dataset.confirm || e.target.dataset.confirm;
    if (!text || !dlg || e.target._ok) return;
    e.preventDefault();
    $('[data-text]', dlg).textContent = text; dlg.returnValue = ''; dlg.showModal();
    dlg.addEventListener('close', () => {
      if (dlg.returnValue === 'yes') { e.target._ok = 1; e.target.requestSubmit(b); e.target._ok = 0 }
    }, { once: true });
  });

  // lists: selection (one list at a time), columns, density
  const grids = $$('[data-grid]');
  const sel = () => grids.forEach(g => {
    const c = $$('.action_check', g), n = c.filter(x => x.checked).length, bar = $('.batch', g), all = $('[data-checkall]', g);
    c.forEach(x => x.closest('tr').classList.toggle('sel', x.checked));
    if (bar) { bar.hidden = !n; $('[data-sel]', bar).textContent = n }
    if (all) { all.checked = n && n === c.length; all.indeterminate = n > 0 && n < c.length }
  });
  let lastTick;
  d.addEventListener('click', e => {  // shift: everything between two ticks
    if (!e.target.matches('.action_check')) return;
    const c = $$('.action_check', e.target.closest('[data-grid]')), a = c.indexOf(lastTick), b = c.indexOf(e.target);
    if (e.shiftKey && a >= 0) c.slice(Math.min(a, b), Math.max(a, b) + 1).forEach(x => x.checked = e.target.checked);
    lastTick = e.target; sel();
  });
  const cols = g => {
    const h = store.get('cols:' + g.dataset.grid, []);
    $$('[data-col]', g).forEach(x => x.hidden = h.includes(x.dataset.col));
    $$('[data-colpick]', g).forEach(x => x.checked = !h.includes(x.dataset.colpick));
    $$('[data-hidden-columns]', g).forEach(x => x.value = $$('[data-colpick]:not(:checked)', g).map(c => c.dataset.colpick).join(' '));
  };
  d.addEventListener('change', e => {
    const t = e.target;
    if (t.matches('[data-checkall]')) { $$('.action_check', t.closest('[data-grid]')).forEach(c => c.checked = t.checked); sel() }
    else if (t.matches('.action_check')) sel();
    else if (t.matches('[data-go]')) location = t.value;
    else if (t.dataset.colpick) {
      const g = t.closest('[data-grid]'), k = 'cols:' + g.dataset.grid, h = new Set(store.get(k, []));
      h[t.checked ? 'delete' : 'add'](t.dataset.colpick); store.set(k, [...h]); cols(g);
    }
  });
  grids.forEach(g => {
    cols(g);
    if (store.get('tight', false)) { g.classList.add('is-tight'); $('[data-density]', g)?.setAttribute('aria-pressed', 'true') }
  });
  sel();

  // contents list shows where you are
  const toc = $$('.toc a');
  if (toc.length && 'IntersectionObserver' in window) {
    const io = new IntersectionObserver(es => es.forEach(x => {
      if (x.isIntersecting) toc.forEach(a => a.classList.toggle('on', a.hash === '#' + x.target.id));
    }), { rootMargin: '-20% 0px -70% 0px' });
    toc.forEach(a => { const s = d.getElementById(a.hash.slice(1)); s && io.observe(s) });
    toc[0].classList.add('on');
  }

  // live part: <div data-poll="/url">.  The server answers HTML; header X-Poll: stop ends it, reload shows the page anew.  Slows down, rests in hidden tabs.
  $$('[data-poll]').forEach(el => {
    let n = 0, old = '';
    const again = () => setTimeout(go, Math.min(2500 + n++ * 250, 15000));
    const go = async () => {
      if (d.hidden) return again();
      try {
        const r = await fetch(el.dataset.poll);
        if (r.redirected || r.headers.get('X-Poll') === 'reload') return location.reload();
        if (r.ok) {
          const h = await r.text();
          if (h !== old) el.innerHTML = old = h;
          el.removeAttribute('data-off');
          if (r.headers.get('X-Poll') === 'stop') return;
        }
      } catch { el.setAttribute('data-off', '') }
      again();
    };
    again();
  });

  // review keys: J/K next and previous, 1/2 decision, Ctrl+Enter send.  Never while typing.
  const keys = Object.fromEntries($$('[data-key]').map(x => [x.dataset.key, x]));
  d.addEventListener('keydown', e => {
    if (e.ctrlKey && e.key === 'Enter') return $('.rv-dec')?.requestSubmit();
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input:not([type=radio]):not([type=checkbox]),textarea,select')) return;
    const x = keys[e.key.toLowerCase()];
    if (x) { e.preventDefault(); x.click() }
  });
})();
