import { Icon } from "./Icon.js";

/** The search field of a list: it keeps the focus while the arrows move through the list. */
export const Combobox = ({
  list,
  active,
  label,
  placeholder,
  value,
  onSearch,
}: {
  /** The ids of the list and of the option that is current in it. */
  list: string;
  active: string;
  label: string;
  placeholder: string;
  value: string;
  onSearch: (search: string) => void;
}) => (
  <div class="field">
    <Icon name="search" />
    <input
      role="combobox"
      aria-expanded="true"
      aria-controls={list}
      aria-activedescendant={active}
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onInput={(event) => onSearch(event.currentTarget.value)}
    />
  </div>
);
