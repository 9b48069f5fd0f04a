//! Who gives the people of a population what an operation needs: the givers of the privileges that the explanation of each names.

use super::Studio;
use super::explain::explainer::Explainer;
use super::search::cone::ConeOfInfluence;
use super::search::space::Id;
use crate::check::{Atom, Formula, Part};
use crate::model::Verdict;
use crate::pack::Program;
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

/// Which people get something by a giver. The answer is a list of people for each place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum GiverQuery {
    /// Who gives what the operation at this index needs. Places: 0 the people themselves, then the roles in policy order, then
    /// inline roles.
    Operation(usize),
    /// What the role at this index gives. Places: the operations in policy order.
    Role(usize),
}

/// The givers that a query needs, kept between people.
pub(crate) struct Givers {
    query: GiverQuery,
    /// The givers of each operation in question.
    operations: Vec<GiversOfOperation>,
    places: usize,
}

impl Givers {
    /// O(operations in question × what they read).
    pub(crate) fn new(studio: &Studio, query: GiverQuery) -> Self {
        let program = studio.policy().program();
        let of = |operation| GiversOfOperation::new(studio, operation);
        let (operations, places) = match query {
            GiverQuery::Operation(operation) => (vec![of(operation)], program.roles.len() + 2),
            GiverQuery::Role(role) => {
                let can_give = |it: &GiversOfOperation| it.cone.ids.contains_key(&Id::Role(role));
                ((0..program.operations.len()).map(of).filter(can_give).collect(), program.operations.len())
            }
        };
        Self { query, operations, places }
    }

    /// The people of each place, given by their states with a row each. O(program) for a subject, plus an analysis for each that differs
    /// from others in what an operation reads.
    pub(crate) fn lists(&mut self, studio: &Studio, people: impl Iterator<Item = (usize, State)>) -> Vec<Vec<usize>> {
        let mut lists = vec![Vec::new(); self.places];
        let mut add = |place: usize, row| lists.get_mut(place).into_iter().for_each(|list| list.push(row));
        for (row, state) in people {
            match self.query {
                GiverQuery::Operation(_) => {
                    let givers = self.operations.first_mut().map(|it| it.of(studio, &state)).unwrap_or_default();
                    for place in givers {
                        add(*place, row);
                    }
                }
                GiverQuery::Role(role) if is_held(studio, role, &state) => {
                    for it in &mut self.operations {
                        if it.of(studio, &state).contains(&(1 + role)) {
                            add(it.operation, row);
                        }
                    }
                }
                GiverQuery::Role(_) => {}
            }
        }
        lists
    }
}

/// Whether a role is held. O(program).
fn is_held(studio: &Studio, role: usize, state: &State) -> bool {
    let program = studio.policy().program();
    if state.roles.binary_search(&to_u32(role)).is_ok() {
        return true;
    }
    let assumed = program.roles.get(role).filter(|role| role.has_when());
    assumed.is_some_and(|role| {
        Session::evaluate(program, state.clone()).is_ok_and(|session| session.verdict(role.held) == Verdict::Yes)
    })
}

/// The givers of one operation, by what people have of what it reads.
struct GiversOfOperation {
    operation: usize,
    cone: ConeOfInfluence,
    /// By the part of a state that the operation reads: the places of the givers; none if it is not allowed.
    known: HashMap<State, Vec<usize>>,
}

impl GiversOfOperation {
    fn new(studio: &Studio, operation: usize) -> Self {
        let formula = Formula::Atom(Atom::Allowed(operation));
        let cone = ConeOfInfluence::of(studio.checked().resolved(), studio.policy().program(), [formula]);
        Self { operation, cone, known: HashMap::new() }
    }

    /// The places of those who give a subject what the operation needs. None if it is not allowed, or needs no grant.
    fn of(&mut self, studio: &Studio, state: &State) -> &[usize] {
        if self.known.len() > KEPT {
            self.known.clear();
        }
        let (operation, cone) = (self.operation, &self.cone);
        self.known.entry(cone.part_of(state)).or_insert_with(|| places(studio, cone, operation, state.clone()))
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
    let query = GiverQuery::Operation(program.operations.find(operation).unwrap_or(usize::MAX));
    let lists = Givers::new(studio, query).lists(studio, states(population, people.into_iter()));
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
    let refused: BTreeSet<usize> = population.errors().iter().map(|error| error.row).collect();
    let people = (0..population.size()).filter(|row| !refused.contains(row));
    let lists = Givers::new(studio, GiverQuery::Role(role)).lists(studio, states(population, people));
    Ok(non_empty(program.operations.ids().map(String::from).zip(lists)))
}

/// The subjects of rows that are valid.
fn states(population: &Population, rows: impl Iterator<Item = usize>) -> impl Iterator<Item = (usize, State)> {
    rows.filter_map(|row| Some((row, population.state(row).ok()?)))
}
