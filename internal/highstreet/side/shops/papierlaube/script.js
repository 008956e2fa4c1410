'use strict';
// What is bought slides in from the side.
const side = document.getElementById('offcanvas');
const slide = async () => {
  side.innerHTML = await (await fetch('/checkout/cart?fragment=offcanvas')).text();
  side.hidden = false;
  side.querySelector('.offcanvas-close').addEventListener('click', () => { side.hidden = true; });
};
addEventListener('keydown', event => { if (event.key === 'Escape') side.hidden = true; });
document.querySelectorAll('[data-add-to-cart]').forEach(form => form.addEventListener('submit', async event => {
  event.preventDefault();
  const answer = await fetch(form.action, {method: 'POST', headers: {Accept: 'application/json'}, body: new URLSearchParams(new FormData(form))});
  if (!answer.ok) return form.prepend(Object.values((await answer.json()).errors).join(' '));
  document.querySelector('.header-cart-total').textContent = (await answer.json()).subtotal + '*';
  await slide();
}));
document.querySelector('.header-cart-btn').addEventListener('click', event => { event.preventDefault(); slide(); });

// Guests need no password.
document.querySelectorAll('[data-when]').forEach(e => {
  const box = e.closest('form').querySelector('[name=guest]'), fit = () => { e.hidden = box.checked; };
  box.addEventListener('change', fit);
  fit();
});
