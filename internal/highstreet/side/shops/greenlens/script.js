'use strict';
// The button is a box with a role: it is pressed with mouse or keyboard.
document.querySelectorAll('.sqs-add-to-cart-button').forEach(button => {
  const press = async () => {
    const body = new URLSearchParams({itemId: button.dataset.itemId, quantity: document.getElementById('quantity-field').value});
    document.querySelectorAll('[data-variant-option-name]').forEach(s => body.set(s.dataset.variantOptionName, s.value));
    const answer = await fetch('/api/commerce/shopping-cart/entries', {method: 'POST', headers: {Accept: 'application/json'}, body});
    const said = await answer.json(), inner = button.firstElementChild;
    inner.textContent = answer.ok ? 'Added!' : Object.values(said.errors).join(' ');
    if (answer.ok) document.querySelector('.sqs-cart-quantity').textContent = said.item_count;
  };
  button.addEventListener('click', press);
  button.addEventListener('keydown', event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); press(); } });
});
