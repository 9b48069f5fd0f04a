//! Populations: many subjects evaluated against one policy.
//!
//! A population stores its packed rows and one bit per subject and operation: whether it is allowed. All other queries are
//! evaluated from the rows on each call: storing planes for all of them would take several times the memory of the rows.

use super::answers::{BitMatrix, Matches, PopulationPreview, count, non_empty, read_delta, rows};
use super::packed_row::invalid_row;
use super::query::Query;
use super::rows::{PackedRows, PackedSubjects, RowError};
use crate::pack::Policy;
#[cfg(feature = "studio")]
use crate::session::State;
use crate::session::{Change, Subject, SubjectError};
use crate::util::sort;

/// Many subjects evaluated against one policy. A subject is identified by its row: its index in the input, from 0.
///
/// # Examples
/// ```
/// use privet::{Policy, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
/// let with = |id: &str| Subject { grants: vec![(id.into(), Value::Flag(true))], ..Subject::default() };
/// let staff = policy.population(&[with("sender"), with("analytics"), with("no-such-privilege")]);
/// assert_eq!(staff.who_can("campaigns.send")?, [0]);
/// assert_eq!((staff.size(), staff.errors().len()), (3, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Population<'p> {
    pub(super) policy: &'p Policy,
    subjects: PackedSubjects<'p>,
    /// Words of a plane.
    pub(super) stride: usize,
    /// Bit planes: the refused subjects, then the subjects to whom each operation is allowed.
    planes: Vec<u32>,
    errors: Vec<RowError>,
    /// The time for changes with grants that end.
    now: Option<u64>,
}

impl Policy {
    /// Evaluates many subjects. Invalid subjects are in [`Population::errors`] and have no decisions. The population
    /// stores a packed row and one bit per operation for each subject. O(subjects × program / 64 + subjects × program to pack them).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let people: Vec<Value> = serde_json::from_str(r#"[{ "grants": { "sender": true } }, {}]"#)?;
    /// let people: Vec<Subject> = people.into_iter().map(Subject::from_value).collect::<Result<_, _>>()?;
    /// assert_eq!(policy.population(&people).who_can("campaigns.send")?, [0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn population(&self, subjects: &[Subject]) -> Population<'_> {
        self.population_with(subjects, None)
    }

    /// [`Policy::population`] of subjects with grants and roles that end: they count while `now`, in seconds since 1970, is before
    /// their end. A row has no ends, so the population is one of this time.
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let person = r#"{ "grants": { "sender": { "value": true, "until": 1800000000 } } }"#;
    /// let people = [Subject::from_value(serde_json::from_str(person)?)?];
    /// assert_eq!(policy.population_at(&people, 1_799_999_999).who_can("campaigns.send")?, [0]);
    /// assert!(policy.population_at(&people, 1_800_000_000).who_can("campaigns.send")?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn population_at(&self, subjects: &[Subject], now: u64) -> Population<'_> {
        self.population_with(subjects, Some(now))
    }

    fn population_with(&self, subjects: &[Subject], now: Option<u64>) -> Population<'_> {
        let states = subjects.iter().map(|subject| self.state(subject, now));
        let (subjects, errors) = PackedSubjects::pack(self, states);
        Population { now, ..Population::new(self, subjects, errors) }
    }

    /// Evaluates the subjects of packed rows, which must have this policy's [`Policy::row_layout`]. Invalid rows, also an
    /// incomplete last one, are in [`Population::errors`]. O(subjects × program / 64).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidSubject`](crate::session::SubjectFault::InvalidSubject) if the inline roles are invalid.
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("sender".into(), Value::Flag(true))];
    /// let packed = policy.population(&[Subject::default(), Subject { grants, ..Subject::default() }]).pack();
    /// assert_eq!(packed.rows.len(), 2 * policy.row_width());
    /// let stored = policy.population_of_rows(&packed)?;
    /// assert_eq!(stored.who_can("campaigns.send")?, [1]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn population_of_rows<'a>(&'a self, packed: &'a PackedRows) -> Result<Population<'a>, SubjectError> {
        let subjects = PackedSubjects::read(self, &packed.rows, &packed.inline).ok_or_else(invalid_row)?;
        Ok(Population::new(self, subjects, Vec::new()))
    }
}

impl<'p> Population<'p> {
    /// Evaluates subjects. `errors` are those of subjects that could not be packed.
    fn new(policy: &'p Policy, subjects: PackedSubjects<'p>, errors: Vec<RowError>) -> Self {
        let stride = subjects.size().div_ceil(32);
        let mut planes = vec![0; (1 + policy.program().operations.len()) * stride];
        let (refused, allowed) = planes.split_at_mut(stride);
        let query = subjects.compile(policy, &Query::Allowed);
        let mut lists = subjects.evaluate(policy, &query, allowed, stride);
        for row in lists.iter().flatten() {
            refused.get_mut(row / 32).into_iter().for_each(|word| *word |= 1 << (row % 32));
        }
        let has_error = |row: &usize| errors.binary_search_by_key(row, |error| error.row).is_ok();
        for list in &mut lists {
            list.retain(|row| !has_error(row));
        }
        let more = subjects.errors(policy, &query, &lists, None);
        let errors = merged(errors, more);
        Self { policy, subjects, stride, planes, errors, now: None }
    }

    /// The number of subjects, including invalid ones.
    pub fn size(&self) -> usize {
        self.subjects.size()
    }

    /// The errors of invalid subjects, by row. Invalid subjects are in no list and no count.
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("accounts".into(), Value::Flag(true))];
    /// let staff = policy.population(&[Subject { grants, ..Subject::default() }]);
    /// assert_eq!(staff.errors()[0].row, 0);
    /// assert_eq!(staff.errors()[0].error.id(), "accounts");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn errors(&self) -> &[RowError] {
        &self.errors
    }

    /// The subjects to whom an operation is allowed, ascending. O(subjects).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let owner = Subject { facts: vec![("owner".into(), Value::Flag(true))], ..Subject::default() };
    /// let staff = policy.population(&[owner.clone(), Subject::default(), owner]);
    /// assert_eq!(staff.who_can("campaigns.approve")?, [0, 2]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn who_can(&self, operation: &str) -> Result<Vec<usize>, SubjectError> {
        Ok(rows(self.allowed(self.operation(operation)?).iter().copied()))
    }

    /// The subjects for whom an operation is undecided, ascending. O(subjects × instructions that the operation needs / 64).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::VICIDIAL)?;
    /// let grants = vec![("modify-email-accounts".into(), Value::Flag(true))];
    /// let staff = policy.population(&[Subject { grants, ..Subject::default() }, Subject::default()]);
    /// assert_eq!(staff.undecided("email-accounts.open")?, [0]); // the fact `email-allowed` is unknown
    /// assert_eq!(staff.who_can("email-accounts.open")?, [0; 0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn undecided(&self, operation: &str) -> Result<Vec<usize>, SubjectError> {
        let query = Query::Undecided(self.operation(operation)?);
        Ok(self.lists(&query).pop().unwrap_or_default())
    }

    /// The number of subjects to whom an operation is allowed. O(subjects / 32).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let owner = Subject { facts: vec![("owner".into(), Value::Flag(true))], ..Subject::default() };
    /// let staff = policy.population(&[owner, Subject::default()]);
    /// assert_eq!(staff.count("campaigns.approve")?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn count(&self, operation: &str) -> Result<usize, SubjectError> {
        Ok(count(self.allowed(self.operation(operation)?)))
    }

    /// The number of subjects to whom each operation is allowed, in policy order. O(operations × subjects / 32).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("sender".into(), Value::Flag(true))];
    /// let staff = policy.population(&[Subject { grants, ..Subject::default() }, Subject::default()]);
    /// let counts = staff.counts();
    /// let allowed: Vec<(&str, usize)> = policy.operations().zip(counts).filter(|(_, count)| *count > 0).collect();
    /// assert_eq!(allowed, [("campaigns.send", 1)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn counts(&self) -> Vec<usize> {
        (0..self.policy.program().operations.len()).map(|operation| count(self.allowed(operation))).collect()
    }

    /// All decisions. O(1).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let owner = Subject { facts: vec![("owner".into(), Value::Flag(true))], ..Subject::default() };
    /// let staff = policy.population(&[owner, Subject::default()]);
    /// let matrix = staff.matrix();
    /// assert_eq!([matrix.get(0, 0), matrix.get(1, 0)], [true, false]); // `analytics.view`, the first operation
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn matrix(&self) -> BitMatrix<'_> {
        let words = self.planes.get(self.stride..).unwrap_or_default();
        BitMatrix { rows: self.size(), columns: self.policy.program().operations.len(), stride: self.stride, words }
    }

    /// The subjects whose grants are dormant, in whole or in part, by privilege in policy order. Privileges without such
    /// subjects are left out. O(subjects × program / 64).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("contact-exporter".into(), Value::Flag(true))]; // it requires `contacts`
    /// let staff = policy.population(&[Subject { grants, ..Subject::default() }]);
    /// assert_eq!(staff.dormant(), [("contact-exporter", vec![0])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dormant(&self) -> Vec<Matches<&'p str>> {
        non_empty(self.policy.program().privileges.ids().zip(self.lists(&Query::Dormant)))
    }

    /// The effects of a change to all subjects. Evaluates only the instructions that the change affects:
    /// O(subjects × program / 64).
    ///
    /// # Errors
    /// [`SubjectError`] for an unknown id, an invalid value, a duplicate or an amendment of an inline role in the change. If the
    /// change cannot be applied to a subject, the error is in [`PopulationPreview::errors`].
    ///
    /// # Examples
    /// ```
    /// use privet::{Change, Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("sender".into(), Value::Flag(true))];
    /// let staff = policy.population(&[Subject::default(), Subject { grants, ..Subject::default() }]);
    /// let change = Change { set: vec![("sender".into(), Value::Null)], ..Change::default() };
    /// assert_eq!(staff.preview(&change)?.operations.removed, [("campaigns.send", vec![1])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn preview(&self, change: &Change) -> Result<PopulationPreview<'p>, SubjectError> {
        let query = Query::change(self.policy, change, self.now)?;
        let compiled = self.subjects.compile(self.policy, &query);
        let mut lists = self.subjects.evaluate(self.policy, &compiled, &mut [], 0);
        let mut answer = lists.split_off(compiled.reasons.len()).into_iter();
        let Query::Change(change) = &query else { return Ok(PopulationPreview::default()) };
        let refused = self.subjects.errors(self.policy, &compiled, &lists, Some(change));
        let program = self.policy.program();
        let operations = program.operations.iter();
        let owed = operations.flat_map(|it| it.obligations.iter().map(|owed| (it.id.as_str(), owed.id.as_str())));
        Ok(PopulationPreview {
            operations: read_delta(program.operations.ids(), &mut answer),
            obligations: read_delta(owed, &mut answer),
            menu: read_delta(program.menu.ids(), &mut answer),
            dormant: read_delta(program.privileges.ids(), &mut answer),
            errors: merged(self.errors.clone(), refused),
        })
    }

    /// The subjects, for [`Policy::population_of_rows`]. Invalid subjects have a row of zeros. O(subjects).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let staff = vec![Subject::default(); 1000];
    /// let packed = policy.population(&staff).pack();
    /// assert_eq!(packed.rows.len(), 1000 * policy.row_width());
    /// assert_eq!(policy.population_of_rows(&packed)?.size(), 1000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pack(&self) -> PackedRows {
        self.subjects.packed(self.policy, self.errors.iter().map(|error| error.row))
    }

    /// The subject of a row.
    #[cfg(feature = "studio")]
    pub(crate) fn state(&self, row: usize) -> Result<State, SubjectError> {
        self.subjects.state(self.policy, row)
    }

    /// The planes of the answer to a query, as lists of rows.
    fn lists(&self, query: &Query) -> Vec<Vec<usize>> {
        let compiled = self.subjects.compile(self.policy, query);
        self.subjects.evaluate(self.policy, &compiled, &mut [], 0).split_off(compiled.reasons.len())
    }

    fn plane(&self, plane: usize) -> &[u32] {
        self.planes.get(plane * self.stride..(plane + 1) * self.stride).unwrap_or_default()
    }

    /// The plane of refused subjects.
    pub(super) fn refused(&self) -> &[u32] {
        self.plane(0)
    }

    /// The plane of subjects to whom the operation is allowed.
    pub(super) fn allowed(&self, operation: usize) -> &[u32] {
        self.plane(1 + operation)
    }

    fn operation(&self, id: &str) -> Result<usize, SubjectError> {
        self.policy.program().operations.find(id).ok_or_else(|| self.policy.unknown("operation", id))
    }
}

/// Merges two lists of errors, by row.
fn merged(mut errors: Vec<RowError>, more: Vec<RowError>) -> Vec<RowError> {
    errors.extend(more);
    sort::sort_by_key(&mut errors, |error| error.row);
    errors
}
