//! Who gives the people of a population what an operation needs: the givers of the privileges that the explanation of each names.

use super::Studio;
use super::explain::explainer::Explainer;
use super::search::cone::ConeOfInfluence;
use super::search::space::Id;
use crate::check::{Atom, Formula, Part};
use crate::model::Verdict;
use crate::pack::{Grant, Program, Role};
use crate::population::{Matches, Population, non_empty};
use crate::session::{GrantGiver, Provenance, Session, State, SubjectError};
use crate::util::to_u32;
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// Who gives people what an operation needs. All inline roles are one giver here.
///
/// # Examples
/// ```
/// use privet::{PeopleGiver, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let sender = Subject { grants: vec![("sender".into(), Value::Flag(true))], ..Subject::default() };
/// let staff = studio.policy().population(&[Subject::default(), sender]);
/// assert_eq!(studio.givers(&staff, "campaigns.send")?, [(PeopleGiver::Own, vec![1])]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleGiver {
    /// The people's own grants.
    Own,
    /// The role of the policy with this id, listed or held by its `when`.
    Role(String),
    /// Inline roles.
    Inline,
}

/// The number of states whose givers are kept. Beyond it, all are computed again: few people differ in what an operation reads.
const KEPT: usize = 1 << 16;

/// The givers of one operation, by what people have of what it reads.
pub(crate) struct Givers {
    operation: usize,
    cone: ConeOfInfluence,
    /// By the part of a state that the operation reads: the places of the givers; none if it is not allowed.
    known: HashMap<State, Vec<usize>>,
}

impl Givers {
    /// The givers of the operation at this index. O(what the operation reads + roles).
    pub(crate) fn new(studio: &Studio, operation: usize) -> Self {
        let formula = Formula::Atom(Atom::Allowed(operation));
        let cone = ConeOfInfluence::of(studio.checked().resolved(), studio.policy().program(), [formula]);
        Self { operation, cone, known: HashMap::new() }
    }

    /// The places of those who give a subject what the operation needs: 0 the subject, then the roles in policy order, then
    /// inline roles. None if it is not allowed, or needs no grant. O(state), plus an analysis for each state that differs in what
    /// the operation reads.
    pub(crate) fn of(&mut self, studio: &Studio, state: &State) -> &[usize] {
        if self.known.len() > KEPT {
            self.known.clear();
        }
        let (operation, cone) = (self.operation, &self.cone);
        self.known.entry(read_part(cone, state)).or_insert_with(|| places(studio, cone, operation, state.clone()))
    }
}

/// What one role gives, by operation.
pub(crate) struct RoleGives {
    role: usize,
    has_when: bool,
    /// By operation: its givers, if the role can be among them.
    givers: Vec<Option<Givers>>,
}

impl RoleGives {
    /// What the role at this index gives. O(operations × what they read).
    pub(crate) fn new(studio: &Studio, role: usize) -> Self {
        let program = studio.policy().program();
        let has_when = program.roles.get(role).is_some_and(Role::has_when);
        let givers = (0..program.operations.len()).map(|operation| Givers::new(studio, operation));
        let can_give = |givers: &Givers| givers.cone.ids.contains_key(&Id::Role(role));
        Self { role, has_when, givers: givers.map(|givers| Some(givers).filter(can_give)).collect() }
    }

    /// Whether the role is held. O(program).
    fn is_held(&self, studio: &Studio, state: &State) -> bool {
        let program = studio.policy().program();
        let session = Session::evaluate(program, state.clone()).ok();
        let held = program.roles.get(self.role).map(|role| role.held);
        session.zip(held).is_some_and(|(session, held)| session.verdict(held) == Verdict::Yes)
    }

    /// Calls `given` with each operation for which the role gives a subject what it needs. O(program) for who does not have the role,
    /// else as [`Givers::of`] for each operation.
    pub(crate) fn of(&mut self, studio: &Studio, state: &State, mut given: impl FnMut(usize)) {
        let is_listed = state.roles.binary_search(&to_u32(self.role)).is_ok();
        if !(is_listed || self.has_when && self.is_held(studio, state)) {
            return;
        }
        for (operation, givers) in self.givers.iter_mut().enumerate() {
            if givers.as_mut().is_some_and(|givers| givers.of(studio, state).contains(&(1 + self.role))) {
                given(operation);
            }
        }
    }
}

/// The part of a state that is in the cone.
fn read_part(cone: &ConeOfInfluence, state: &State) -> State {
    let reads = |id: Id| cone.ids.contains_key(&id);
    let grants = |grants: &[Grant]| -> Vec<Grant> {
        grants.iter().filter(|grant| reads(Id::Privilege(grant.privilege as usize))).copied().collect()
    };
    State {
        facts: state.facts.iter().filter(|(fact, _)| reads(Id::Fact(*fact as usize))).copied().collect(),
        own: grants(&state.own),
        roles: state.roles.iter().filter(|role| reads(Id::Role(**role as usize))).copied().collect(),
        inline: state.inline.iter().map(|role| grants(role)).filter(|grants| !grants.is_empty()).collect(),
        ..State::default()
    }
}

/// The places of the givers of one subject.
fn places(studio: &Studio, cone: &ConeOfInfluence, operation: usize, state: State) -> Vec<usize> {
    let program = studio.policy().program();
    let id = program.operations.get(operation).map(|operation| operation.id.as_str()).unwrap_or_default();
    let session = Session::evaluate(program, state).ok().filter(|session| session.can(id) == Ok(true));
    let explained = session.and_then(|session| Some((studio.explain(&session, id).ok()?, session)));
    let Some((why, session)) = explained else {
        return Vec::new();
    };
    let named = Explainer::for_session(studio, &session).named_by(&why.args.reasons);
    let find = |id: &String| program.privileges.find(id);
    // What is only read negatively is named since it is not held, or is too little: nobody gives that.
    let needed = named.iter().filter_map(find).filter(|privilege| cone.reads_positively(*privilege));
    let privileges: BTreeSet<usize> = needed.chain(why.decisive.iter().filter_map(find)).collect();
    let mut places = Vec::new();
    for privilege in privileges {
        let from = session.surely_granted(privilege).1;
        places.extend(read_givers(program, cone, privilege, &from).map(|giver| place(program, giver)));
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// The givers of what is read of a privilege: of a set, those of the options that are tested.
fn read_givers<'f>(
    program: &Program,
    cone: &ConeOfInfluence,
    privilege: usize,
    from: &'f Provenance,
) -> impl Iterator<Item = &'f GrantGiver> {
    let values = program.privileges.get(privilege).map(|it| it.values.as_slice()).unwrap_or_default();
    let parts = cone.ids.get(&Id::Privilege(privilege));
    let is_read = |option: &str| {
        let place = values.iter().position(|known| known == option);
        parts.zip(place).is_some_and(|(parts, place)| parts.contains(&Part::Value(place)))
    };
    let lists: Vec<&Vec<GrantGiver>> = match from {
        Provenance::Whole(givers) => vec![givers],
        Provenance::Options(all) => all.iter().filter(|(id, _)| is_read(id)).map(|(_, givers)| givers).collect(),
    };
    lists.into_iter().flatten()
}

fn place(program: &Program, giver: &GrantGiver) -> usize {
    match giver {
        GrantGiver::Own => 0,
        GrantGiver::Role { role, .. } => 1 + program.roles.find(role).unwrap_or(program.roles.len()),
        GrantGiver::Inline { .. } => 1 + program.roles.len(),
    }
}

/// The people by giver, in the order of their places.
pub(super) fn givers(
    studio: &Studio,
    population: &Population,
    operation: &str,
) -> Result<Vec<Matches<PeopleGiver>>, SubjectError> {
    let program = studio.policy().program();
    let people = population.who_can(operation)?;
    let mut givers = Givers::new(studio, program.operations.find(operation).unwrap_or(usize::MAX));
    let mut lists = vec![Vec::new(); program.roles.len() + 2];
    for row in people {
        for place in givers.of(studio, &population.state(row)?) {
            lists.get_mut(*place).into_iter().for_each(|list| list.push(row));
        }
    }
    let roles = program.roles.ids().map(|id| PeopleGiver::Role(id.into()));
    let all = [PeopleGiver::Own].into_iter().chain(roles).chain([PeopleGiver::Inline]);
    Ok(non_empty(all.zip(lists)))
}

/// The operations for which a role gives people what they need, each with these people.
pub(super) fn through(
    studio: &Studio,
    population: &Population,
    role: &str,
) -> Result<Vec<Matches<String>>, SubjectError> {
    let program = studio.policy().program();
    let role = program.roles.find(role).ok_or_else(|| studio.policy().unknown("role", role))?;
    let mut through = RoleGives::new(studio, role);
    let mut lists = vec![Vec::new(); program.operations.len()];
    let refused: BTreeSet<usize> = population.errors().iter().map(|error| error.row).collect();
    for row in (0..population.size()).filter(|row| !refused.contains(row)) {
        through.of(studio, &population.state(row)?, |operation| {
            lists.get_mut(operation).into_iter().for_each(|list| list.push(row));
        });
    }
    Ok(non_empty(program.operations.ids().map(String::from).zip(lists)))
}
