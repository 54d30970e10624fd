/** A tag as the HTML parser sees it; `style=` in text between tags must stay as it is. */
const TAG = /<[a-z][^<>]*>/gi;
const STYLE_ATTRIBUTE = /(\s)style\s*=/gi;
const PARKED = "data-parked-style";

type CreateElement = (this: Document, name: string, options?: ElementCreationOptions) => Element;
type InsertHTML = (this: Element, where: InsertPosition, html: unknown) => void;

/**
 * Lets Monaco work under `style-src 'self' 'nonce-…'`, for which it has no option of its own.
 *
 * Created `<style>` elements get the nonce; `style=` in assigned HTML, which the policy refuses,
 * is set through `element.style`, which it allows. To be called before Monaco is imported.
 */
export function installNoncedStyles(nonce: string): void {
  wrapMethod<CreateElement>(Document.prototype, "createElement", (createElement) => {
    return function (...request) {
      const element = createElement.apply(this, request);
      if (element instanceof HTMLStyleElement) element.nonce = nonce;
      return element;
    };
  });

  wrapMethod<InsertHTML>(Element.prototype, "insertAdjacentHTML", (insertAdjacentHTML) => {
    return function (where, html) {
      insertAdjacentHTML.call(this, where, park(html));
      unpark(this.parentElement ?? this);
    };
  });

  const innerHTML = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
  Object.defineProperty(Element.prototype, "innerHTML", {
    ...innerHTML,
    set(this: Element, html: unknown) {
      innerHTML?.set?.call(this, park(html));
      unpark(this);
    },
  });
}

function wrapMethod<Method>(
  prototype: object,
  name: string,
  wrap: (original: Method) => Method,
): void {
  Reflect.set(prototype, name, wrap(Reflect.get(prototype, name) as Method));
}

/** Monaco may hand over a TrustedHTML, hence `unknown`. */
function park(html: unknown): string {
  return String(html).replace(TAG, (tag) => tag.replace(STYLE_ATTRIBUTE, `$1${PARKED}=`));
}

function unpark(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>(`[${PARKED}]`)) {
    element.style.cssText = element.getAttribute(PARKED) ?? "";
    element.removeAttribute(PARKED);
  }
}
