/* photo.js: 证件照 (ui.photo_crop).  Choose or take, drag, zoom and nudge into the frame, shrink below 1 MB on the phone, send with
   progress as `file`; the old one stays until the new one is in.  Answer {ok, message}.  Needs upload.js before it. */
(() => {
  const MAX = 1024 * 1024, T = JSON.parse(document.currentScript.dataset.texts);
  const word = (k, v) => T[k].replace(/\{(\w+)\}/g, (_, n) => v[n]);
  document.querySelectorAll('[data-photo]').forEach(box => {
    const W = +box.dataset.width, H = +box.dataset.height, STEP = 5, IN = 1.06, OUT = 1 / IN;
    const q = s => box.querySelector(s), file = q('input[type=file]'), cv = q('canvas'), cx = cv.getContext('2d'), zoom = q('[data-zoom]'), msg = q('[data-msg]'), bar = q('progress'), edit = q('[data-edit]'), now = q('[data-now]');
    let photo, x = 0, y = 0, s0 = 1, k = 1;
    cv.width = W; cv.height = H;
    const say = (t, bad) => { msg.textContent = t; msg.className = bad ? 'err' : 'hint' };
    const draw = () => {
      const s = s0 * k, w = photo.width * s, h = photo.height * s;
      x = Math.min(0, Math.max(W - w, x)); y = Math.min(0, Math.max(H - h, y));
      cx.fillStyle = '#fff'; cx.fillRect(0, 0, W, H); cx.imageSmoothingQuality = 'high'; cx.drawImage(photo.img, x, y, w, h);
    };
    const move = (dx, dy) => { x += dx; y += dy; draw() };
    // the point at (px, py) of the frame stays where it is
    const scale = (to, px = W / 2, py = H / 2) => {
      to = Math.min(+zoom.max, Math.max(+zoom.min, to));
      x = px - (px - x) * to / k; y = py - (py - y) * to / k; zoom.value = k = to; draw();
    };
    const open = async f => {
      if (!f) return;
      file.value = '';
      const opened = await uploads.open(f);
      if (!opened) return say(/\.hei[cf]$/i.test(f.name) ? T.heic : T.notPhoto, true);
      if (opened.width < W || opened.height < H) { opened.close(); return say(word('small', { width: opened.width, height: opened.height, needWidth: W, needHeight: H }), true) }
      photo?.close(); photo = opened;
      s0 = Math.max(W / photo.width, H / photo.height); zoom.value = k = 1; x = (W - photo.width * s0) / 2; y = (H - photo.height * s0) / 3;
      edit.hidden = false; draw(); say(T.frame); cv.focus();
    };
    file.onchange = () => open(file.files[0]);
    box.ondragover = e => e.preventDefault(); box.ondrop = e => { e.preventDefault(); open(e.dataTransfer.files[0]) };

    // one finger or the mouse moves, two fingers or the wheel zoom; in pixels of the frame, whatever size it is shown in
    const fingers = new Map(), at = e => { const r = cv.getBoundingClientRect(); return [(e.clientX - r.left) * W / r.width, (e.clientY - r.top) * H / r.height] };
    const spread = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]) };
    cv.onpointerdown = e => { if (!photo || fingers.size > 1) return; fingers.set(e.pointerId, at(e)); cv.setPointerCapture(e.pointerId) };
    cv.onpointermove = e => {
      if (!fingers.has(e.pointerId)) return;
      const [px, py] = fingers.get(e.pointerId), p = at(e), before = fingers.size === 2 ? spread() : 0;
      fingers.set(e.pointerId, p);
      if (before) { const [a, b] = [...fingers.values()]; scale(k * spread() / before, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2) } else move(p[0] - px, p[1] - py);
    };
    cv.onpointerup = cv.onpointercancel = e => fingers.delete(e.pointerId);
    cv.addEventListener('wheel', e => { if (photo) { e.preventDefault(); scale(k * (e.deltaY < 0 ? IN : OUT), ...at(e)) } }, { passive: false });
    cv.onkeydown = e => {
      const by = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[e.key], to = { '+': IN, '=': IN, '-': OUT }[e.key];
      if (!photo || !by && !to) return;
      e.preventDefault();
      if (by) move(...by); else scale(k * to);
    };
    zoom.oninput = () => { if (photo) scale(+zoom.value) };
    box.addEventListener('click', e => {
      const t = e.target.closest('[data-nudge]');
      if (t && photo) move(...t.dataset.nudge.split(',').map(Number));
    });
    q('[data-send]').onclick = async () => {
      if (!photo || !bar.hidden) return;
      let b = null;
      for (const quality of [.92, .8, .68, .56, .44]) b ||= uploads.encode(cv, quality, MAX);
      bar.hidden = false; bar.value = 0; say(T.sending);
      const a = await uploads.send(box.dataset.photo, b, 'photo.jpg', box.dataset.csrf || '', n => bar.value = n).answer;
      bar.hidden = true;
      if (a.status <= 0) return say(T.offline, true);
      if (a.status >= 300 || !a.ok) return say(a.message || T.failed, true);
      now.src = URL.createObjectURL(b); now.classList.add('is-photo'); edit.hidden = true; photo.close(); photo = null;
      say(a.message || word('saved', { size: Math.ceil(b.size / 1024) + ' KB' })); file.focus();
    };
  });
})();
