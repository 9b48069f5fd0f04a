//! Documents by a few numbers. Each shape makes another part of the checker or the studio work hard.

use crate::support::random::Random;
use serde_json::{Value as Json, json};

/// The shapes of requirements.
pub(crate) const SHAPES: [&str; 10] = [
    "chain",
    "parity",
    "pairs",
    "hidden-bit",
    "multiplier",
    "threshold",
    "clauses",
    "dependencies",
    "diamonds",
    "wide",
];
/// The kinds of inputs.
pub(crate) const KINDS: [&str; 6] = ["flag", "switch", "level", "set", "number", "choice"];

/// A document, written shortly.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hostile {
    pub(crate) shape: String,
    pub(crate) kind: String,
    /// How many inputs the requirements read.
    pub(crate) size: usize,
    /// Levels or options of each input.
    pub(crate) values: usize,
    pub(crate) roles: usize,
    /// Grants of each role.
    pub(crate) grants: usize,
    /// Letters of each id.
    pub(crate) letters: usize,
    /// The depth of the menu, whose items are in a chain for each operation.
    pub(crate) depth: usize,
    pub(crate) seed: u64,
}

impl Hostile {
    pub(crate) fn read(json: &Json) -> Self {
        let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
        let number = |key: &str| usize::try_from(json[key].as_u64().unwrap_or_default()).unwrap_or_default();
        Self {
            shape: text("shape"),
            kind: text("kind"),
            size: number("size"),
            values: number("values"),
            roles: number("roles"),
            grants: number("grants"),
            letters: number("letters"),
            depth: number("depth"),
            seed: json["seed"].as_u64().unwrap_or_default(),
        }
    }

    pub(crate) fn json(&self) -> Json {
        json!({
            "shape": self.shape, "kind": self.kind, "size": self.size, "values": self.values, "roles": self.roles, "grants": self.grants,
            "letters": self.letters, "depth": self.depth, "seed": self.seed,
        })
    }

    /// An id of the given length at least.
    fn id(&self, letter: char, number: usize) -> String {
        let number = number.to_string();
        format!("{}{number}", letter.to_string().repeat(self.letters.saturating_sub(number.len()).clamp(1, 120)))
    }

    fn is_fact(&self) -> bool {
        self.kind == "switch"
    }

    /// A test of an input.
    fn test(&self, input: usize) -> String {
        let id = self.id('x', input);
        let value = input % self.values.max(1);
        match &*self.kind {
            "level" => format!("{id} >= v{value}"),
            "set" | "choice" => format!("{id} = v{value}"),
            "number" => format!("{id} >= {}", 1 + input * 7 % 1_000),
            _ => id,
        }
    }

    fn input(&self, number: usize) -> Json {
        let mut entry = json!({ "id": self.id('x', number), "kind": self.kind, "label": "" });
        let values: Vec<Json> =
            (0..self.values.clamp(1, 256)).map(|value| json!({ "id": format!("v{value}"), "label": "" })).collect();
        match &*self.kind {
            "level" => entry["levels"] = json!(values),
            "set" | "choice" => entry["options"] = json!(values),
            _ => {}
        }
        if self.shape == "dependencies" && number > 0 && !self.is_fact() {
            // Two of the inputs before it: their requirements are read again and again
            let other = self.seed as usize % number;
            entry["requires"] = json!(format!("{} or {}", self.test(number - 1), self.test(other)));
        }
        entry
    }

    /// A granted value that passes the test.
    fn grant(&self, input: usize) -> Json {
        let value = format!("v{}", input % self.values.max(1));
        match &*self.kind {
            "level" | "choice" => json!(value),
            "set" => json!([value]),
            "number" => json!(1 + input * 7 % 1_000),
            _ => json!(true),
        }
    }

    /// The requirements of the operations, in order; each may read the ones before.
    fn requirements(&self) -> Vec<String> {
        let (size, test) = (self.size.max(2), |input| self.test(input));
        let allowed = |operation: usize| format!("allowed({})", self.id('o', operation));
        let mut random = Random::new(self.seed);
        match &*self.shape {
            "chain" => {
                let link = |it: usize| match it {
                    0 => test(0),
                    _ => {
                        format!("{} {} {}", allowed(it - 1), if it.is_multiple_of(2) { "and" } else { "or" }, test(it))
                    }
                };
                (0..size).map(link).collect()
            }
            "parity" => {
                let link = |it: usize| {
                    if it == 0 {
                        return test(0);
                    }
                    let (before, here) = (allowed(it - 1), test(it));
                    format!("{before} and not {here} or not {before} and {here}")
                };
                (0..size).map(link).collect()
            }
            // (x0 and xn) or (x1 and x(n+1)) …: in the order of the policy, the diagram remembers the first half
            "pairs" => {
                let half = size / 2;
                let pair = |it: usize| format!("{} and {}", test(it), test(it + half));
                let all = (0..half).map(pair).collect::<Vec<_>>();
                all.chunks(100).map(|chunk| chunk.join(" or ")).collect()
            }
            // Operation (i, k): at least k of the first i; the last one: the bit that the number of bits names
            "hidden-bit" | "threshold" => {
                let side = size.min(60);
                let at = |inputs: usize, count: usize| (inputs - 1) * side + count - 1;
                let mut all = Vec::new();
                for inputs in 1..=side {
                    for count in 1..=side {
                        let here = test(inputs - 1);
                        all.push(match (inputs, count) {
                            (1, 1) => here,
                            (1, _) => "false".into(),
                            (_, 1) => format!("{} or {here}", allowed(at(inputs - 1, 1))),
                            _ => format!(
                                "{} or {} and {here}",
                                allowed(at(inputs - 1, count)),
                                allowed(at(inputs - 1, count - 1))
                            ),
                        });
                    }
                }
                if self.shape == "hidden-bit" {
                    let bit = |count: usize| {
                        let more = if count < side {
                            format!(" and not {}", allowed(at(side, count + 1)))
                        } else {
                            String::new()
                        };
                        format!("{}{more} and {}", allowed(at(side, count)), test(count - 1))
                    };
                    all.push((1..=side).map(bit).collect::<Vec<_>>().join(" or "));
                }
                all
            }
            "multiplier" => self.multiplier(size.min(24) / 2),
            "clauses" => {
                let mut clause = || {
                    let mut literal = || {
                        let not = if random.below(2) == 0 { "not " } else { "" };
                        format!("{not}{}", test(random.below(size)))
                    };
                    format!("({} or {} or {})", literal(), literal(), literal())
                };
                let all = (0..size * 3).map(|_| clause()).collect::<Vec<_>>();
                all.chunks(60).map(|chunk| chunk.join(" and ")).collect()
            }
            // Each operation reads the one before in two ways: written out, it doubles
            "diamonds" => {
                let link = |it: usize| match it {
                    0 => test(0),
                    _ => format!("({0} or {1}) and ({0} or {2})", allowed(it - 1), test(it), test(random.below(size))),
                };
                (0..size).map(link).collect()
            }
            // One operation for each input, and some that read very many
            "wide" => {
                let mut all: Vec<String> = (0..size).map(test).collect();
                for part in (0..size).collect::<Vec<_>>().chunks(150).take(20) {
                    all.push(part.iter().map(|it| test(*it)).collect::<Vec<_>>().join(" and "));
                    all.push(part.iter().map(|it| test(*it)).collect::<Vec<_>>().join(" or "));
                }
                all
            }
            _ => (0..size).map(test).collect(),
        }
    }

    /// The bits of the product of two numbers of some bits, by adders: the middle ones have no small diagram.
    fn multiplier(&self, bits: usize) -> Vec<String> {
        let bits = bits.max(1);
        let mut all: Vec<String> = Vec::new();
        let mut push = |text: String| {
            all.push(text);
            Some(format!("allowed({})", self.id('o', all.len() - 1)))
        };
        let mut sum: Vec<Option<String>> = vec![None; 2 * bits];
        for row in 0..bits {
            let mut carry: Option<String> = None;
            for column in 0..bits {
                let product = push(format!("{} and {}", self.test(row), self.test(bits + column)));
                let parts: Vec<String> =
                    [product, sum[row + column].take(), carry.take()].into_iter().flatten().collect();
                let xor = |a: &str, b: &str| format!("{a} and not {b} or not {a} and {b}");
                match parts.as_slice() {
                    [a, b] => {
                        sum[row + column] = push(xor(a, b));
                        carry = push(format!("{a} and {b}"));
                    }
                    [a, b, c] => {
                        let half = push(xor(a, b)).unwrap_or_default();
                        sum[row + column] = push(xor(&half, c));
                        carry = push(format!("{a} and {b} or {c} and {half}"));
                    }
                    parts => sum[row + column] = parts.first().cloned(),
                }
            }
            sum[row + bits] = carry;
        }
        all
    }

    /// The number of the last operation, about which the questions are.
    pub(crate) fn operation(&self) -> String {
        self.id('o', self.requirements().len() - 1)
    }

    /// The first and the last input.
    pub(crate) fn inputs(&self) -> [String; 2] {
        [self.id('x', 0), self.id('x', self.size.max(2) - 1)]
    }

    pub(crate) fn document(&self) -> Json {
        let size = self.size.max(2);
        let inputs: Vec<Json> = (0..size).map(|number| self.input(number)).collect();
        let requirements = self.requirements();
        let depth = self.depth.min(64);
        let item = |it: usize| {
            let mut item = json!({ "id": self.id('m', it), "label": "" });
            if !it.is_multiple_of(depth.max(1)) {
                item["parent"] = json!(self.id('m', it - 1));
            }
            item
        };
        let menu: Vec<Json> = (0..depth * 8).map(item).collect();
        let mut random = Random::new(self.seed);
        let role = |number: usize| {
            let first = random.below(size);
            let grants = (0..self.grants.min(size)).map(|it| (first + it * 3) % size);
            let grants: serde_json::Map<String, Json> =
                grants.filter(|_| !self.is_fact()).map(|it| (self.id('x', it), self.grant(it))).collect();
            json!({ "id": self.id('r', number), "label": "", "grants": grants })
        };
        let roles: Vec<Json> = (0..self.roles).map(role).collect();
        let operation = |(number, requires): (usize, &String)| {
            let menu: Vec<String> = if depth == 0 { Vec::new() } else { vec![self.id('m', number % (depth * 8))] };
            json!({ "id": self.id('o', number), "label": "", "requires": requires, "menu": menu })
        };
        let operations: Vec<Json> = requirements.iter().enumerate().map(operation).collect();
        let (facts, privileges) = if self.is_fact() { (inputs, Vec::new()) } else { (Vec::new(), inputs) };
        json!({
            "format": 1, "id": "hostile", "title": "", "version": "", "facts": facts, "privileges": privileges, "roles": roles, "menu": menu, "operations": operations,
        })
    }
}
