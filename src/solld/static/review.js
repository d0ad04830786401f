// Keys for what the page has as buttons and links. Without it all can be done with the mouse, or with Tab and Enter.
const press = {s: '[value=same]', r: '[value=related]', d: '[value=different]', l: '[value=unsure]', u: '#undo button',
  j: '[rel=next]', ArrowRight: '[rel=next]', k: '[rel=prev]', ArrowLeft: '[rel=prev]', '?': '#keys summary'};
let sent = false; // a key that is held down judges once
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || sent) return;
  if (event.target.matches('input, textarea, select')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const target = press[event.key] && document.querySelector(press[event.key]);
  if (target) {
    event.preventDefault();
    target.click();
  }
});
document.addEventListener('submit', event => {
  if (sent) event.preventDefault();
  sent = true;
});
window.addEventListener('pageshow', () => { sent = false; });
