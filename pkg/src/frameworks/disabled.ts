// Disabled elements that keep their place in the order of focus, so that keyboards and screen readers reach the reason:
// `aria-disabled`, and no clicks. Fields, whose value could be edited, get the attribute `disabled`.

/** The elements that have values to edit. */
const FIELDS = /^(input|select|textarea|fieldset)$/i;

/** Refuses an event, before other listeners of its element. */
export function refuse(event: {
  preventDefault(): void;
  stopPropagation(): void;
  stopImmediatePropagation?(): void;
}): void {
  event.preventDefault();
  event.stopPropagation();
  event.stopImmediatePropagation?.();
}

/** Whether an element is a field, by the name of its tag. */
export const isField = (name: unknown): boolean => typeof name === "string" && FIELDS.test(name);

/** The attributes of an element of this name, or of a component, whose reason is in the element `id`. */
export function disabledAttributes(name: unknown, id: string | undefined): Record<string, string | boolean> {
  const described = id === undefined ? {} : { "aria-describedby": id };
  return { ...described, "aria-disabled": "true", ...(isField(name) ? { disabled: true } : {}) };
}
