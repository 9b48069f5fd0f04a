import type { ComponentChildren } from "preact";

interface Tab<T extends string> {
  readonly id: T;
  readonly label: string;
  readonly count: string;
}

/** Tabs with counts, and the panel of the chosen one. `more` stands at the end of their line. */
export function Tabs<T extends string>({
  label,
  panel,
  tabs,
  value,
  onChange,
  more,
  children,
}: {
  label: string;
  /** The id of the panel. */
  panel: string;
  tabs: readonly Tab<T>[];
  value: T;
  onChange: (tab: T) => void;
  more?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <>
      <div class="tabs">
        <div class="tablist" role="tablist" aria-label={label}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              aria-selected={tab.id === value}
              aria-controls={panel}
              class={tab.id === value ? "on" : ""}
              onClick={() => onChange(tab.id)}
            >
              {tab.label} <span class="count">{tab.count}</span>
            </button>
          ))}
        </div>
        {more && (
          <>
            <span class="grow" />
            {more}
          </>
        )}
      </div>
      <div role="tabpanel" id={panel} aria-label={tabs.find(({ id }) => id === value)?.label}>
        {children}
      </div>
    </>
  );
}
