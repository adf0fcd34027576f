import { LitElement } from 'lit';

/** A part of the page. Parts share the page's style sheets, so none of them has a shadow tree of its own. */
export class Part extends LitElement {
  createRenderRoot() {
    return this;
  }
}
