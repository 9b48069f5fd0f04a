//! The texts of errors. Generated from src/util/messages.json by pkg/build/errors.mjs; `npm run errors --prefix pkg` writes it.

/// A text with its parts in the order in which they occur. Of a text that says what to do: what is wrong, and what to do.
#[rustfmt::skip]
macro_rules! message {
    (unknown_id, $kind:expr, $id:expr, $place:expr, $help:expr) => {{
        let kind = &$kind;
        let id = &$id;
        let place = &$place;
        (format!("unknown {kind} `{id}`{place}"), String::from($help))
    }};
    (in_place, $place:expr) => {{
        let place = &$place;
        format!(" in {place}")
    }};
    (is_a, $id:expr, $n:expr, $kind:expr) => {{
        let id = &$id;
        let n = &$n;
        let kind = &$kind;
        format!("`{id}` is a{n} {kind}")
    }};
    (no_such, $kind:expr) => {{
        let kind = &$kind;
        format!("the policy has no such {kind}")
    }};
    (did_you_mean, $id:expr) => {{
        let id = &$id;
        format!("did you mean `{id}`?")
    }};
    (no_value, $kind:expr, $id:expr, $noun:expr, $value:expr, $help:expr) => {{
        let kind = &$kind;
        let id = &$id;
        let noun = &$noun;
        let value = &$value;
        (format!("{kind} `{id}` has no {noun} `{value}`"), String::from($help))
    }};
    (duplicate_option, $option:expr, $id:expr) => {{
        let option = &$option;
        let id = &$id;
        (format!("duplicate option `{option}` for privilege `{id}`"), String::from("list it once"))
    }};
    (out_of_range, $kind:expr, $id:expr, $value:expr, $help:expr) => {{
        let kind = &$kind;
        let id = &$id;
        let value = &$value;
        (format!("{kind} `{id}` cannot be `{value}`"), String::from($help))
    }};
    (wrong_kind, $kind:expr, $id:expr, $expected:expr, $the:expr, $value:expr, $help:expr) => {{
        let kind = &$kind;
        let id = &$id;
        let expected = &$expected;
        let the = &$the;
        let value = &$value;
        (format!("{kind} `{id}` is a {expected} and cannot be {the}`{value}`"), String::from($help))
    }};
    (the_number) => {
        "the number "
    };
    (the_text) => {
        "the text "
    };
    (give, $values:expr) => {{
        let values = &$values;
        format!("give {values}")
    }};
    (list_of, $values:expr) => {{
        let values = &$values;
        format!("a list of {values}")
    }};
    (whole_number, $least:expr, $most:expr) => {{
        let least = &$least;
        let most = &$most;
        format!("a whole number from {least} to {most}")
    }};
    (wrong_shape, $key:expr, $value:expr, $expected:expr) => {{
        let key = &$key;
        let value = &$value;
        let expected = &$expected;
        (format!("`{key}` holds `{value}`"), format!("expected {expected}"))
    }};
    (not_an_object, $value:expr, $what:expr, $keys:expr) => {{
        let value = &$value;
        let what = &$what;
        let keys = &$keys;
        (format!("`{value}` is not an object"), format!("{what} can have {keys}"))
    }};
    (unknown_key, $key:expr, $what:expr, $keys:expr) => {{
        let key = &$key;
        let what = &$what;
        let keys = &$keys;
        (format!("unknown key `{key}` in {what}"), format!("{what} can have {keys}"))
    }};
    (duplicate_key, $key:expr, $what:expr, $keys:expr) => {{
        let key = &$key;
        let what = &$what;
        let keys = &$keys;
        (format!("duplicate key `{key}` in {what}"), format!("{what} can have {keys}"))
    }};
    (a_subject) => {
        "a subject"
    };
    (a_change) => {
        "a change"
    };
    (roles_of_change) => {
        "`roles` of a change"
    };
    (ending_role) => {
        "a role that ends"
    };
    (ending_grant) => {
        "a grant that ends"
    };
    (named_role) => {
        "an inline role with a name"
    };
    (an_amendment) => {
        "an amendment"
    };
    (object_of_values) => {
        "an object from ids to values"
    };
    (a_list) => {
        "a list"
    };
    (list_of_roles) => {
        "a list of role ids"
    };
    (role_or_grants) => {
        "a role's id or an object of grants"
    };
    (role_id) => {
        "a role's id"
    };
    (a_text) => {
        "a text"
    };
    (place_of_role) => {
        "the place of an inline role, from 0"
    };
    (seconds) => {
        "seconds since 1970, from 0 to 4294967295"
    };
    (duplicate, $id:expr, $place:expr) => {{
        let id = &$id;
        let place = &$place;
        (format!("duplicate `{id}` in {place}"), String::from("list it once"))
    }};
    (added_and_removed, $id:expr) => {{
        let id = &$id;
        (format!("role `{id}` is both added and removed"), String::from("keep one of them"))
    }};
    (amended_twice, $index:expr) => {{
        let index = &$index;
        (format!("inline role {index} is amended twice"), String::from("put both into one"))
    }};
    (amended_missing, $index:expr, $count:expr) => {{
        let index = &$index;
        let count = &$count;
        (format!("inline role {index} is amended, and the subject has {count}"), String::from("count its inline roles from 0"))
    }};
    (time_missing, $id:expr) => {{
        let id = &$id;
        (format!("`{id}` has an end, and the time is not given"), String::from("pass `now`"))
    }};
    (role, $id:expr) => {{
        let id = &$id;
        format!("role `{id}`")
    }};
    (inline_role, $number:expr) => {{
        let number = &$number;
        format!("inline role {number}")
    }};
    (options_conflict, $role:expr, $option:expr, $id:expr, $other_role:expr, $other_option:expr) => {{
        let role = &$role;
        let option = &$option;
        let id = &$id;
        let other_role = &$other_role;
        let other_option = &$other_option;
        (format!("{role} grants option `{option}` of choice `{id}`, {other_role} grants `{other_option}`"), String::from("grant the subject its own option, or remove one of the roles"))
    }};
    (roles_conflict, $id:expr) => {{
        let id = &$id;
        (format!("roles grant different options of choice `{id}`"), String::from("grant the subject its own option, or remove one of the roles"))
    }};
    (not_removable, $id:expr) => {{
        let id = &$id;
        (format!("role `{id}` cannot be removed: its `when` holds"), String::from("change the fact that its `when` tests"))
    }};
    (held_by_listed, $id:expr, $role:expr) => {{
        let id = &$id;
        let role = &$role;
        (format!("privilege `{id}` is still granted by {role}"), String::from("remove the role, or set at least what it grants"))
    }};
    (held_by_when, $id:expr, $role:expr) => {{
        let id = &$id;
        let role = &$role;
        (format!("privilege `{id}` is still granted by {role}"), String::from("change the fact that the role's `when` tests"))
    }};
    (option_now) => {
        "option `now` must be seconds since 1970"
    };
    (other_policy) => {
        (String::from("not a session of this policy"), String::from("compare sessions of one policy"))
    };
    (invalid_token) => {
        (String::from("not a Privet token"), String::from("request a new one"))
    };
    (stale_token) => {
        (String::from("token belongs to another version of the policy"), String::from("issue a new one"))
    };
    (foreign_pack, $at:expr) => {{
        let at = &$at;
        (format!("not a pack of this release at byte {at}"), String::from("compile the policy again"))
    }};
    (damaged_pack, $at:expr) => {{
        let at = &$at;
        (format!("pack is damaged or cut short at byte {at}"), String::from("load or compile it again"))
    }};
    (malformed_pack, $at:expr) => {{
        let at = &$at;
        (format!("malformed pack at byte {at}"), String::from("compile the policy again"))
    }};
    (no_document, $at:expr) => {{
        let at = &$at;
        (format!("pack has no document at byte {at}"), String::from("use the pack as `compile` returned it"))
    }};
    (sections_disagree, $at:expr) => {{
        let at = &$at;
        (format!("sections of the pack disagree at byte {at}"), String::from("compile the policy again"))
    }};
}
pub(crate) use message;
