'use strict';
const post = (path, body) => fetch(path, {method: 'POST', headers: {'X-Requested-With': 'XMLHttpRequest'}, body});
const $ = id => document.getElementById(id);

// Dialogs: one for goods, one that wants an address.
const modal = $('modal');
const open = async path => {
  modal.querySelector('.modal-content').innerHTML = await (await fetch(path)).text();
  modal.hidden = false;
  modal.querySelector('.modal-close').focus();
};
const put = async form => {
  const answer = await post('/cart.php/add', new URLSearchParams(form));
  if (!answer.ok) return Object.values((await answer.json()).errors).join(' ');
  document.querySelector('.cart-quantity').textContent = (await answer.json()).item_count;
  await open('/cart.php?fragment=preview');
};
document.addEventListener('click', event => {
  const b = event.target.closest('button');
  if (!b) return;
  if (b.matches('.modal-close, .modal-dismiss')) b.closest('.modal').hidden = true;
  if (b.matches('.quickview')) open(`/products/${b.dataset.productId}/?fragment=productView`);
  if (b.matches('.quickadd')) put({product_id: b.dataset.productId, 'qty[]': 1});
});
addEventListener('keydown', event => { if (event.key === 'Escape') document.querySelectorAll('.modal').forEach(m => { m.hidden = true; }); });
document.addEventListener('submit', async event => {
  if (!event.target.matches('.add-to-cart')) return;
  event.preventDefault();
  const wrong = await put(new FormData(event.target));
  if (wrong) event.target.prepend(Object.assign(document.createElement('p'), {className: 'alertBox alertBox--error', textContent: wrong}));
});
if ($('quick-search-expand')) $('quick-search-expand').addEventListener('click', event => {
  $('quickSearch').hidden = !$('quickSearch').hidden;
  event.currentTarget.setAttribute('aria-expanded', !$('quickSearch').hidden);
  $('nav-quick-search').focus();
});

// What a visitor has decided about cookies and the letter is kept in cookies.
const kept = name => document.cookie.split('; ').find(c => c.startsWith(name + '='));
const keep = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=86400; samesite=lax`; };
const consent = $('consent-manager');
if (consent) {
  consent.hidden = Boolean(kept('mf_consent'));
  consent.addEventListener('click', event => {
    const choice = event.target.dataset.consent;
    if (choice === 'manage') consent.querySelector('.consent-more').hidden = false;
    else if (choice) { keep('mf_consent', choice); consent.hidden = true; }
  });
  if (!kept('mf_popup')) setTimeout(() => { keep('mf_popup', 'seen'); $('newsletter-popup').hidden = false; }, 2000);
}

// The checkout: one step after the other.
const layout = document.querySelector('.layout[data-done]');
if (layout) {
  const steps = [...layout.querySelectorAll('.checkout-step')];
  const show = n => steps.forEach((s, i) => { s.querySelector('form').hidden = i !== n; const edit = s.querySelector('.step-edit'); if (edit) edit.hidden = i >= n; });
  show(Number(layout.dataset.done));
  steps.forEach((s, i) => {
    s.querySelector('.step-edit')?.addEventListener('click', () => show(i));
    if (i === steps.length - 1) return;
    s.querySelector('form').addEventListener('submit', async event => {
      event.preventDefault();
      const form = event.target;
      form.querySelectorAll('.form-field-errors').forEach(e => e.remove());
      const answer = await post(form.action, new URLSearchParams(new FormData(form)));
      if (answer.ok) return show(i + 1);
      for (const [name, text] of Object.entries((await answer.json()).errors)) {
        const list = document.createElement('ul');
        list.className = 'form-field-errors';
        list.append(Object.assign(document.createElement('li'), {className: 'form-inlineMessage', textContent: text}));
        form.querySelector(`[data-for="${name}"]`)?.append(list);
      }
    });
  });
}
