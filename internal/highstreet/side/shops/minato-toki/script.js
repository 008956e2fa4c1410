'use strict';
const navi = document.querySelector('.ec-cartNavi');
navi.addEventListener('click', () => {
  const box = document.getElementById('cart-navi');
  box.hidden = !box.hidden;
  navi.setAttribute('aria-expanded', !box.hidden);
});
document.querySelectorAll('.ec-modal .ec-inlineBtn--cancel').forEach(b => b.addEventListener('click', () => { b.closest('.ec-modal').hidden = true; }));
