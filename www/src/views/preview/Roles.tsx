import { Fold } from "../../parts/Fold.js";
import { Badge } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { text } from "../../text.js";

export function Roles() {
  const { state, model, person, change } = useApp();
  const { roles } = model.described;
  if (roles.length === 0) return null;
  const held = person.subject.roles ?? [];
  const toggle = (id: string) => change(state.who, { roles: held.includes(id) ? { remove: [id] } : { add: [id] } });
  return (
    <Fold
      initial={held.length > 0}
      summary={
        <>
          <span>{text.roles.title}</span>
          <span class="count">{text.privileges.granted(held.length, roles.length)}</span>
        </>
      }
    >
      {() => (
        <fieldset class="checks wide">
          <legend class="unseen">{text.roles.title}</legend>
          {roles.map(({ id, label, when }) => (
            <label key={id} data-row>
              <input type="checkbox" checked={held.includes(id)} onChange={() => toggle(id)} />
              <span>{label}</span>
              {when && <Badge tone="fact">{text.roles.held(when.text.split(" ").map(model.label).join(" "))}</Badge>}
            </label>
          ))}
        </fieldset>
      )}
    </Fold>
  );
}
