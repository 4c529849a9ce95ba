/* upload.js: upload rows (ui.upload_row): pictures are set upright and made smaller first, with progress, 取消 and 重试; the old
   file stays until the new one is in, and several chosen for one place go one after the other.  [data-view="picture|pdf"] opens a file in the page.  photo.js uses `uploads`. */
const uploads = (() => {
  const d = document, $ = (s, r = d) => r.querySelector(s), $$ = (s, r = d) => [...r.querySelectorAll(s)];
  const T = JSON.parse(d.currentScript.dataset.texts), word = (k, v = {}) => T[k].replace(/\{(\w+)\}/g, (_, n) => v[n]);
  const el = (tag, cls, text = '') => Object.assign(d.createElement(tag), { className: cls, textContent: text });
  const bytes = n => n >= 1048576 ? (Math.ceil(n / 104857.6) / 10).toFixed(1).replace(/\.0$/, '') + ' MB' : Math.max(1, Math.ceil(n / 1024)) + ' KB';

  // the picture upright, as every browser draws an <img>; null when this browser cannot open it
  const open = async file => {
    const img = new Image(), url = URL.createObjectURL(file), loaded = new Promise((yes, no) => { img.onload = yes; img.onerror = no });
    const close = () => { URL.revokeObjectURL(url); img.removeAttribute('src') };
    img.src = url;
    try { await loaded } catch { close(); return null }
    return { img, width: img.naturalWidth, height: img.naturalHeight, close };
  };
  // toBlob waits for an idle moment, which a busy phone has not for seconds: encoded at once.  null above `max` bytes
  const encode = (canvas, quality, max) => {
    const text = canvas.toDataURL('image/jpeg', quality).split(',')[1];
    if (text.length * 3 / 4 - 2 > max) return null;
    const raw = atob(text), data = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) data[i] = raw.charCodeAt(i);
    return new Blob([data], { type: 'image/jpeg' });
  };
  const SIDES = [2600, 2000, 1600, 1200], QUALITIES = [.9, .8, .7];
  const shrink = async (file, max) => {
    const picture = await open(file), c = el('canvas', '');
    if (!picture) return null;
    try {
      for (const side of SIDES) {
        const s = Math.min(1, side / Math.max(picture.width, picture.height)), x = c.getContext('2d', { alpha: false });
        c.width = Math.round(picture.width * s); c.height = Math.round(picture.height * s);
        x.fillStyle = '#fff'; x.fillRect(0, 0, c.width, c.height); x.imageSmoothingQuality = 'high'; x.drawImage(picture.img, 0, 0, c.width, c.height);
        for (const quality of QUALITIES) {
          const b = encode(c, quality, max);
          if (b) return b;
          await new Promise(r => setTimeout(r));  // the page stays alive meanwhile
        }
      }
      return null;
    } finally { picture.close(); c.width = c.height = 0 }
  };
  // answers with {status, ...}; status 0: no network, -1: taken back by `request.abort()`
  const send = (url, file, name, csrf, progress) => {
    const r = new XMLHttpRequest(), body = new FormData();
    body.append('file', file, name); r.open('POST', url);
    for (const [k, v] of [['X-CSRFToken', csrf], ['Accept', 'application/json'], ['X-Requested-With', 'XMLHttpRequest']]) r.setRequestHeader(k, v);
    r.upload.onprogress = e => progress(Math.round(e.loaded / e.total * 100));
    const answer = new Promise(done => {
      r.onload = () => { let a = {}; try { a = JSON.parse(r.responseText) } catch {} done({ ...a, status: r.status }) };
      r.onerror = r.ontimeout = () => done({ status: 0 }); r.onabort = () => done({ status: -1 });
    });
    r.send(body); return { request: r, answer };
  };

  // what a file is, by its type or, where the system knows none, by its name
  const isPdf = f => f.type === 'application/pdf' || /\.pdf$/i.test(f.name);
  const isPicture = f => f.type.startsWith('image/') || /\.(jpe?g|png|webp|hei[cf]|bmp|gif|tiff?)$/i.test(f.name);
  const isHeic = f => /hei[cf]/i.test(f.type) || /\.hei[cf]$/i.test(f.name);
  const look = (view, name, url) => { view.href = url; view.dataset.name = name; view.dataset.view = /\.pdf$/i.test(name) ? 'pdf' : 'picture' };
  let busy = 0;
  addEventListener('beforeunload', e => { if (busy) e.preventDefault() });

  $$('[data-upload]').forEach(row => {
    const input = $('input[type=file]', row), msg = $('[data-msg]', row), bar = $('progress', row), cancel = $('[data-cancel]', row), retry = $('[data-retry]', row);
    const { upload: url, kind, max, maxJpg, many } = row.dataset, csrf = row.dataset.csrf || '';
    let again = null, queue = [], refused = [];
    input.multiple = !!many;  // here and not in the page: without this script one is sent at a time
    const say = (text, cls) => { msg.textContent = text; msg.className = cls };
    const working = on => {
      const there = !on && d.activeElement === cancel;
      bar.hidden = cancel.hidden = !on; input.disabled = on; busy += on ? 1 : -1;
      if (there) input.focus();  // and not nowhere
    };
    // the body to send, or the sentence why there is none
    const made = async file => {
      const { name } = file, picture = isPicture(file) && kind !== 'pdf';
      if (!picture && !(isPdf(file) && kind !== 'jpg')) return word(kind === 'pdf' ? 'wantPdf' : 'wrongKind', { name, kind: { jpg: 'JPG', pdf: 'PDF' }[kind] || 'JPG、PDF' });
      if (!file.size) return word('emptyFile', { name });
      const limit = +(picture && maxJpg || max);
      if (file.size <= limit && (!picture || file.type === 'image/jpeg')) return { body: file, name };
      if (!picture) return word('tooBig', { name, size: bytes(file.size), max: bytes(limit) });
      say(T.shrinking, 'hint'); input.disabled = true;
      const body = await shrink(file, limit);
      input.disabled = false;
      return body ? { body, name: name.replace(/\.\w+$/, '') + '.jpg' } : word(isHeic(file) ? 'heic' : 'broken', { name });
    };
    const refuse = text => { refused.push(text); say(text, 'err'); return true };
    // whether to go on with the next: not when it was taken back, or waits for 重试
    const take = async file => {
      retry.hidden = true;
      const ready = await made(file);
      return typeof ready === 'string' ? refuse(ready) : go(ready);
    };
    const run = async () => {
      while (queue.length) if (!await take(queue.shift())) return;
      if (refused.length) say(refused.join(' '), 'err');
    };
    const held = () => row.parentElement.parentElement.querySelectorAll(`[data-of="${input.id}"]`).length;
    const choose = files => {
      const chosen = many ? [...files] : [...files].slice(0, 1), room = many - held();
      input.value = '';
      if (many && chosen.length > room) return say(word('tooMany', { n: chosen.length, most: many, room }), 'err');
      queue = chosen; refused = []; run();
    };
    const go = async ({ body, name }) => {
      retry.hidden = true; bar.value = 0; working(true); say(word('uploading', { n: 0 }), 'hint');
      const { request, answer } = send(url, body, name, csrf, n => { bar.value = n; say(n < 100 ? word('uploading', { n }) : T.checking, 'hint') });
      cancel.onclick = () => request.abort();
      const a = await answer;
      working(false);
      if (a.status === -1) { queue = []; say(T.cancelled, 'hint'); return false }
      if (a.status === 0 || a.status === 429 || a.status >= 500) {
        again = { body, name }; retry.hidden = false; say(a.message || T.offline, 'err'); return false;
      }
      if (a.status >= 300 || !a.ok) return refuse(a.message || T.failed);
      say(a.message || T.uploaded, 'good');
      many ? add(a) : show(a, name, body.size);
      row.dispatchEvent(new CustomEvent('uploaded', { bubbles: true, detail: a }));
      return true;
    };
    const show = (a, name, size) => {
      const view = $('[data-view]', row), i = $('.up__i', row), cut = $('[data-delete]', row);
      $('[data-file]', row).replaceChildren((a.name || name) + '　', el('span', 'num', typeof a.size === 'string' ? a.size : bytes(a.size || size)));
      if (a.url) { look(view, a.name || name, a.url); view.hidden = false }
      i.classList.add(i.dataset.tone); $('[data-error]', row)?.remove(); $('[data-word]', row).textContent = T.replace;
      if (cut && a.delete) { cut.hidden = false; cut.form.action = a.delete }
    };
    // one of several: it gets a row of its own, and this one waits for the next
    const add = a => {
      const li = $('template', row).content.firstElementChild.cloneNode(true), view = $('[data-view]', li);
      $('[data-name]', li).textContent = a.name; $('[data-size]', li).textContent = a.size; look(view, a.name, a.url); $('form', li).action = a.delete;
      const item = row.closest('li'); item.before(li);
      if (held() >= +many) { item.hidden = true; view.focus() }
    };
    retry.onclick = async () => { input.focus(); if (await go(again)) run() };
    input.onchange = () => { if (input.files.length) choose(input.files) };
    row.ondragover = e => { e.preventDefault(); row.classList.add('is-over') };
    row.ondragleave = () => row.classList.remove('is-over');
    row.ondrop = e => { e.preventDefault(); row.classList.remove('is-over'); if (e.dataTransfer.files.length && !input.disabled) choose(e.dataTransfer.files) };
  });

  // 预览: in a dialog of this page, which gives the focus back; where browsers show no PDF in a frame, in a window of its own
  let box;
  d.addEventListener('click', e => {
    const a = e.target.closest('[data-view]');
    if (!a || e.ctrlKey || e.metaKey || e.shiftKey || a.dataset.view === 'pdf' && !navigator.pdfViewerEnabled) return;
    e.preventDefault();
    if (!box) {
      box = el('dialog', 'dlg dlg--view'); box.setAttribute('aria-labelledby', 'view-t');
      const head = el('header', 'dlg__h'), own = el('a', 'lnk', T.ownWindow), shut = el('button', 'btn btn-s', T.close);
      own.target = '_blank'; own.rel = 'noopener'; shut.type = 'button'; shut.onclick = () => box.close();
      head.append(Object.assign(el('h2', ''), { id: 'view-t' }), own, shut); box.append(head, el('div', 'dlg__v'));
      box.onclick = e => { if (e.target === box) box.close() };
      box.onclose = () => $('.dlg__v', box).replaceChildren();
      d.body.append(box);
    }
    const { name, view } = a.dataset, picture = view === 'picture';
    $('h2', box).textContent = name; $('a', box).href = a.href;
    const shown = picture ? Object.assign(el('img', ''), { src: a.href, alt: name }) : Object.assign(el('iframe', ''), { src: a.href, title: name });
    $('.dlg__v', box).replaceChildren(shown); box.showModal(); $('button', box).focus();
  });

  return { open, encode, send };
})();
