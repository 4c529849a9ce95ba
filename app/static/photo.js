/* photo.js: 证件照 (ui.photo_crop).  Choose or take, drag, zoom and nudge into the frame, shrink below 1 MB on the phone, send with
   progress as `file`; the old one stays until the new one is in.  Answer {ok, message}. */
(() => {
  const MAX = 1024 * 1024, T = JSON.parse(document.currentScript.dataset.texts);
  const word = (k, v) => T[k].replace(/\{(\w+)\}/g, (_, n) => v[n]);
  document.querySelectorAll('[data-photo]').forEach(box => {
    const W = +box.dataset.width, H = +box.dataset.height;
    const q = s => box.querySelector(s), file = q('input[type=file]'), cv = q('canvas'), cx = cv.getContext('2d'), zoom = q('[data-zoom]'), msg = q('[data-msg]'), bar = q('progress'), edit = q('[data-edit]'), now = q('[data-now]');
    let img, x = 0, y = 0, s0 = 1, from;
    cv.width = W; cv.height = H;
    const say = (t, bad) => { msg.textContent = t; msg.className = bad ? 'err' : 'hint' };
    const draw = () => { const s = s0 * zoom.value, w = img.width * s, h = img.height * s; x = Math.min(0, Math.max(W - w, x)); y = Math.min(0, Math.max(H - h, y)); cx.fillStyle = '#fff'; cx.fillRect(0, 0, W, H); cx.drawImage(img, x, y, w, h) };
    const open = async f => {
      if (!f) return;
      if (!/^image\/(jpeg|png)$/.test(f.type)) return say(T.notPhoto, true);
      img = await createImageBitmap(f, { imageOrientation: 'from-image' }).catch(() => null);
      if (!img) return say(T.broken, true);
      if (img.width < W || img.height < H) return say(word('small', { width: img.width, height: img.height, needWidth: W, needHeight: H }), true);
      s0 = Math.max(W / img.width, H / img.height); zoom.value = 1; x = (W - img.width * s0) / 2; y = (H - img.height * s0) / 3; edit.hidden = false; draw(); say(T.frame); cv.focus();
    };
    file.onchange = () => open(file.files[0]);
    box.ondragover = e => e.preventDefault(); box.ondrop = e => { e.preventDefault(); open(e.dataTransfer.files[0]) };
    cv.onpointerdown = e => { from = [e.clientX - x, e.clientY - y]; cv.setPointerCapture(e.pointerId) };
    cv.onpointermove = e => { if (from) { x = e.clientX - from[0]; y = e.clientY - from[1]; draw() } };
    cv.onpointerup = cv.onpointercancel = () => from = null;
    cv.onkeydown = e => { const k = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, -5], ArrowDown: [0, 5] }[e.key]; if (k && img) { e.preventDefault(); x += k[0]; y += k[1]; draw() } };
    zoom.oninput = () => img && draw();
    // toBlob waits for an idle moment, which a busy phone has not for seconds; a picture of this size is encoded at once
    const encode = k => new Blob([Uint8Array.from(atob(cv.toDataURL('image/jpeg', k).split(',')[1]), c => c.charCodeAt(0))], { type: 'image/jpeg' });
    const blob = () => [.92, .8, .68, .56, .44].map(encode).find(b => b.size <= MAX);
    box.addEventListener('click', e => {
      const t = e.target.closest('[data-nudge]');
      if (t && img) { const [dx, dy] = t.dataset.nudge.split(',').map(Number); x += dx; y += dy; draw() }
    });
    q('[data-send]').onclick = () => {
      if (!img || !bar.hidden) return;
      const b = blob(), r = new XMLHttpRequest(), fd = new FormData();
      fd.append('file', b, 'photo.jpg');
      bar.hidden = false; bar.value = 0; say(T.sending); r.open('POST', box.dataset.photo);
      for (const [k, v] of [['X-CSRFToken', box.dataset.csrf || ''], ['Accept', 'application/json'], ['X-Requested-With', 'XMLHttpRequest']]) r.setRequestHeader(k, v);
      r.upload.onprogress = e => bar.value = e.loaded / e.total * 100;
      r.onload = () => {
        let a = {};
        try { a = JSON.parse(r.responseText) } catch {}
        bar.hidden = true;
        if (r.status >= 300 || !a.ok) return say(a.message || T.failed, true);
        now.src = URL.createObjectURL(b); now.classList.add('is-photo'); edit.hidden = true; file.value = '';
        say(a.message || word('saved', { size: Math.ceil(b.size / 1024) + ' KB' }));
      };
      r.onerror = () => { bar.hidden = true; say(T.offline, true) };
      r.send(fd);
    };
  });
})();
