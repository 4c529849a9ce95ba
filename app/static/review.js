/* review.js: ticks of 已核对 go without leaving the page, so that reasons typed beside them stay. Without it the page loads anew. */
(() => {
  document.querySelectorAll('form[data-quiet]').forEach(form => form.addEventListener('submit', async event => {
    event.preventDefault();
    const button = form.querySelector('button'), on = form.elements.on;
    try {
      const answer = await fetch(form.action, { method: 'POST', body: new FormData(form) });
      if (!answer.ok || !answer.redirected) throw answer;
    } catch { return form.submit() }
    const ticked = on.value === '1';
    on.value = ticked ? '0' : '1';
    button.setAttribute('aria-pressed', ticked);
    button.classList.toggle('btn-primary', ticked);
  }));
})();
