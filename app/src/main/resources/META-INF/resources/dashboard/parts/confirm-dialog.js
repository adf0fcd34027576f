import { html, nothing } from 'lit';
import { Part } from '../lib/part.js';

/** Asks a person once more, naming what comes of it. */
class ConfirmDialog extends Part {
  static properties = { asked: { state: true } };

  /** @returns {Promise<boolean>} whether the person wants it */
  ask(title, means, verb) {
    return new Promise((decide) => {
      this.asked = { title, means, verb, decide };
      this.updateComplete.then(() => this.querySelector('dialog').showModal());
    });
  }

  render() {
    if (!this.asked) {
      return nothing;
    }
    const { title, means, verb } = this.asked;
    return html`
      <dialog aria-labelledby="confirm-title" aria-describedby="confirm-means" @close=${this.#closed}>
        <form method="dialog">
          <h2 id="confirm-title">${title}</h2>
          <p id="confirm-means">${means}</p>
          <div class="buttons"><button value="no">Leave it</button><button class="primary" value="yes">${verb}</button></div>
        </form>
      </dialog>
    `;
  }

  #closed(event) {
    const { decide } = this.asked;
    const wanted = event.target.returnValue === 'yes';
    this.asked = null;
    decide(wanted);
  }
}

customElements.define('confirm-dialog', ConfirmDialog);

/** Asks through the page's one dialog. */
export function confirmed(title, means, verb) {
  return document.querySelector('confirm-dialog').ask(title, means, verb);
}
