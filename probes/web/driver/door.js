// What stands at a page's door, for whoever has to tell a shop from a wall
// before it. It stands on the engine, in the same isolated world, and changes
// nothing.
(() => {
'use strict';
const t = globalThis.__touchstone;
if (!t || t.door) return;
const {tidy, visible, select} = t.kit;
const all = css => [...document.querySelectorAll(css)];
const filled = name => all(`[name="${name}"]`).some(e => e.value);
const widget = (kind, css, answer) => {
  const shown = select(css).filter(visible);
  return shown.length ? {kind, inForm: shown.some(e => e.closest('form')), solved: filled(answer)} : null;
};
// Where a form leads; its fields may be called as its own properties are.
const address = form => { try { return new URL(form.getAttribute('action'), document.baseURI).href } catch { return '' } };
t.door = () => {
  const body = document.body ? document.body.innerText || '' : '';
  return {
    title: tidy(document.title).slice(0, 200), whole: tidy(document.title),
    heading: tidy(select('h1,h2').find(visible)?.textContent).slice(0, 200),
    text: tidy(body).slice(0, 3000), length: body.length,
    links: all('a[href]').filter(visible).length,
    fields: all('input,select,textarea').filter(e => !/^(hidden|submit|button|image|reset)$/.test(e.type) && visible(e)).length,
    sources: [...new Set(all('script[src],iframe[src],frame[src],link[rel=stylesheet],form[action],meta[http-equiv=refresh i]').map(e => e.localName === 'form' ? address(e) : e.src || e.href || e.content))].slice(0, 200),
    ids: all('[id]').slice(0, 3000).map(e => e.getAttribute('id')).filter(Boolean).slice(0, 400),
    code: all('script:not([src])').map(e => e.textContent.slice(0, 4000)).join('\n').slice(0, 40000),
    widgets: [
      widget('reCAPTCHA', 'iframe[src*="/recaptcha/"][src*="/anchor"]:not([src*="size=invisible"])', 'g-recaptcha-response'),
      widget('hCaptcha', 'iframe[src*="hcaptcha.com"][src*="frame=checkbox"]', 'h-captcha-response'),
      widget('Turnstile', 'iframe[src*="challenges.cloudflare.com"],.cf-turnstile', 'cf-turnstile-response'),
      widget('Arkose', 'iframe[src*="arkoselabs.com"],iframe[src*="funcaptcha.com"]', 'fc-token'),
      widget('GeeTest', '[class*=geetest_holder],[class*=geetest_box],iframe[src*="geetest.com"]', 'geetest_validate'),
      widget('Friendly Captcha', '.frc-captcha', 'frc-captcha-solution'),
      widget('a picture to be read', 'img[src*="captcha" i],img[alt*="captcha" i]', 'captcha'),
    ].filter(Boolean),
    // A puzzle that stands over the page wants an answer now.
    puzzle: select('iframe[src*="/recaptcha/"][src*="/bframe"],iframe[src*="hcaptcha.com"][src*="frame=challenge"],iframe[src*="captcha-delivery.com"],iframe[src*="arkoselabs.com"][src*="enforcement"],[class*=geetest_panel]')
      .some(e => { const r = e.getBoundingClientRect(); return visible(e) && r.width > 150 && r.height > 150 && r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth }),
  };
};
})();
