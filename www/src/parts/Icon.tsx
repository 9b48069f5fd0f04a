/** An icon of the sprite in index.html; decorative, since a word or a label always says the same. */
export function Icon({ name, kind = "" }: { name: string; kind?: string }) {
  return (
    <svg class={`i ${kind}`} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}
