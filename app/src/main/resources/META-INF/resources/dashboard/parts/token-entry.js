import { html, nothing } from 'lit';
import { order, token } from '../lib/api.js';
import { Part } from '../lib/part.js';

/** Takes the token, shows whether orders can be given, and forgets it. The server is asked by an order that does no harm. */
class TokenEntry extends Part {
  static properties = {
    access: { attribute: false },
    wanted: { attribute: false },
    busy: { state: true },
    refusal: { state: true },
    open: { state: true },
  };

  render() {
    if (this.access === 'present' && !this.wanted) {
      return html`<span class="aside">May order</span> <button class="small" @click=${this.#forget}>Forget the token</button>`;
    }
    return html`
      <span class="pill plain">Read-only</span>
      <button class="small" aria-expanded=${Boolean(this.open || this.wanted)} aria-controls="token-form" @click=${() => { this.open = !this.open; }}>Enter token</button>
      ${this.open || this.wanted ? this.#form() : nothing}
    `;
  }

  #form() {
    return html`
      <form id="token-form" class="token" @submit=${this.#submit}>
        <label for="token-field">${this.wanted ? 'This Roster shows its state only to those who have its token' : 'The token of ROSTER_API_TOKEN'}</label>
        <div class="inline">
          <input id="token-field" name="token" type="password" autocomplete="current-password" required ?disabled=${this.busy}
            aria-describedby="token-refusal">
          <button class="primary" ?disabled=${this.busy}>${this.busy ? 'Asking' : 'Use it'}</button>
        </div>
        <p id="token-refusal" class="refusal" role="alert">${this.refusal ?? ''}</p>
        <p class="aside">It is kept in this tab until the tab is closed.</p>
      </form>
    `;
  }

  updated(changed) {
    if ((changed.has('open') && this.open) || (changed.has('wanted') && this.wanted)) {
      this.querySelector('#token-field')?.focus();
    }
  }

  async #submit(event) {
    event.preventDefault();
    const before = token.get();
    this.busy = true;
    this.refusal = null;
    token.set(event.target.token.value.trim());
    try {
      await order('POST', 'reconcile');
      this.open = false;
      this.#changed();
    } catch (problem) {
      if (before === null) {
        token.forget();
      } else {
        token.set(before);
      }
      this.refusal = problem.detail;
    }
    this.busy = false;
  }

  #forget() {
    token.forget();
    this.open = false;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new CustomEvent('access-changed', { bubbles: true }));
  }
}

customElements.define('token-entry', TokenEntry);
