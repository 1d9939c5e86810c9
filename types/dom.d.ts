// What the pages' scripts may take for granted of the DOM, beyond TypeScript's own declarations.

interface ParentNode {
  // Pages are HTML: what a selector finds is an HTMLElement unless the tag says otherwise.
  querySelector<K extends keyof HTMLElementTagNameMap>(selectors: K): HTMLElementTagNameMap[K] | null;
  querySelector<E extends Element = HTMLElement>(selectors: string): E | null;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selectors: K): NodeListOf<HTMLElementTagNameMap[K]>;
  querySelectorAll<E extends Element = HTMLElement>(selectors: string): NodeListOf<E>;
}

interface Document {
  getElementById<E extends HTMLElement = HTMLElement>(id: string): E | null;
}

interface HTMLCollection {
  [Symbol.iterator](): ArrayIterator<HTMLElement>;
}

interface Element {
  closest<E extends Element = HTMLElement>(selectors: string): E | null;
}

interface EventTarget {
  // Scripts listen on elements and on the document; events come from elements.
  closest<E extends Element = HTMLElement>(selectors: string): E | null;
}

interface DocumentEventMap {
  "htmx:beforeRequest": CustomEvent;
  "htmx:beforeSwap": CustomEvent;
  "htmx:afterRequest": CustomEvent;
}

interface Window {
  L: any; // Leaflet, loaded by map/base_map.js
  ManagedMediaSource?: typeof MediaSource; // iPhones
}

interface HTMLVideoElement {
  webkitEnterFullscreen?(): void; // iPhones
}

interface Navigator {
  standalone?: boolean; // iPhones: opened from the home screen
}
