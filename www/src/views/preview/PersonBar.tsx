import { Button, Select } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { opening } from "../../state/examples.js";
import { text } from "../../text.js";

/** Edits the list of people: rename, add, copy and remove. */
export function PersonBar() {
  const { state, model, person, setPeople } = useApp();
  const { people, saved, who } = state;
  const facts = (opening(model, state.policy).people ?? [])[0]?.subject.facts ?? {};
  const add = (name: string, subject = { facts }) => {
    const added = { name, subject };
    setPeople([...people, added], { saved: [...saved, added], who: people.length });
  };
  const rename = (name: string) =>
    setPeople(people.map((it, row) => (row === who ? { ...it, name: name || it.name } : it)));
  const remove = () =>
    setPeople(
      people.filter((_, row) => row !== who),
      { saved: saved.filter((_, row) => row !== who), who: 0 },
    );
  return (
    <div class="person">
      <label class="field">
        <span>{text.people.name}</span>
        <input
          type="text"
          value={person.name}
          maxLength={60}
          onChange={(event) => rename(event.currentTarget.value.trim())}
        />
      </label>
      <div class="pair">
        <Button kind="quiet" onClick={() => add(text.people.first)}>
          {text.people.add}
        </Button>
        <Button
          kind="quiet"
          onClick={() => add(text.people.copyOf(person.name), person.subject as { facts: typeof facts })}
        >
          {text.people.copy}
        </Button>
        <Button kind="quiet" disabled={people.length < 2} onClick={remove}>
          {text.people.remove}
        </Button>
      </div>
    </div>
  );
}

/** Person selector in the page header. */
export function PersonChoice() {
  const { state, go } = useApp();
  const options = state.people.map(({ name }, row) => ({ id: String(row), label: name }));
  return (
    <Select
      label={text.header.person}
      visible
      options={options}
      value={String(state.who)}
      onChange={(row) => go({ who: Number(row) })}
    />
  );
}
