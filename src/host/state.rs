//! What an instance has open, and what its calls do.

use super::answers;
use super::embedded;
use super::fault::Fault;
use super::handles::Handles;
use crate::model::{Value, Verdict, json};
use crate::pack::{Operation, Policy};
use crate::session::{Change, DetachedSession, Session, Subject, SubjectError, unknown_id};
use crate::util::to_u32;

/// The most bytes of a call.
const MOST_BYTES: i32 = 64 << 20;
/// The most bytes of the answer about a population.
const MOST_ANSWER: usize = 256 << 20;
/// The bytes of a call that an instance keeps room for afterwards.
const KEPT_BYTES: usize = 64 << 10;

/// The state of an instance.
pub(super) struct Host {
    room: Vec<u8>,
    answer: Vec<u8>,
    now: Option<u64>,
    /// The handle of the embedded policy while it is open, else 0.
    embedded: i32,
    open: Handles<Open>,
}

/// What a handle stands for.
enum Open {
    Policy(Box<Policy>),
    /// A session and the handle of its policy. The session is taken out while a call reads it.
    Session(i32, Option<Box<DetachedSession>>),
}

impl Host {
    pub(super) const fn new() -> Self {
        Self { room: Vec::new(), answer: Vec::new(), now: None, embedded: 0, open: Handles::new() }
    }

    pub(super) fn room(&mut self, length: i32) -> u32 {
        self.room = Vec::new();
        let Ok(bytes) = usize::try_from(length) else { return 0 };
        if length > MOST_BYTES || self.room.try_reserve_exact(bytes.max(1)).is_err() {
            return 0;
        }
        self.room.resize(bytes, 0);
        address(&self.room)
    }

    /// Puts the bytes of a call into the room and returns their length.
    #[cfg(feature = "component")]
    pub(super) fn fill(&mut self, bytes: &[u8]) -> Result<i32, Fault> {
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        if self.room(length) == 0 {
            return Err(Fault::call("no room for the bytes of the call"));
        }
        self.room.copy_from_slice(bytes);
        Ok(length)
    }

    /// The bytes that the last call answered.
    #[cfg(feature = "component")]
    pub(super) fn take_answer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.answer)
    }

    /// Keeps the bytes of an answer and returns their length.
    pub(super) fn answer(&mut self, bytes: impl Into<Vec<u8>>) -> i32 {
        self.answer = bytes.into();
        i32::try_from(self.answer.len()).unwrap_or(i32::MAX)
    }

    pub(super) fn answer_address(&self) -> u32 {
        address(&self.answer)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float is converted with saturation")]
    pub(super) fn set_now(&mut self, seconds: f64) {
        self.now = (seconds >= 0.0).then_some(seconds as u64);
    }

    /// The bytes of this call.
    fn bytes(&self, length: i32) -> Result<&[u8], Fault> {
        let length = usize::try_from(length).ok();
        length.and_then(|length| self.room.get(..length)).ok_or_else(|| Fault::call("more bytes than the room has"))
    }

    fn text(&self, length: i32) -> Result<&str, Fault> {
        text(self.bytes(length)?)
    }

    fn policy(&self, handle: i32) -> Result<&Policy, Fault> {
        match self.open.get(handle) {
            Some(Open::Policy(policy)) => Ok(policy),
            _ => Err(Fault::handle("policy")),
        }
    }

    pub(super) fn open(&mut self, length: i32) -> Result<i32, Fault> {
        if length == 0 && self.policy(self.embedded).is_ok() {
            return Ok(self.embedded);
        }
        let pack = if length == 0 { embedded::pack() } else { self.bytes(length)? };
        let policy = Policy::open(pack)?.without_pack();
        self.room = Vec::new();
        let handle = self.add(Open::Policy(Box::new(policy)))?;
        if length == 0 {
            self.embedded = handle;
        }
        Ok(handle)
    }

    pub(super) fn describe(&mut self, policy: i32) -> Result<i32, Fault> {
        let answer = answers::description(self.policy(policy)?.program());
        Ok(self.answer(answer))
    }

    fn add(&mut self, open: Open) -> Result<i32, Fault> {
        self.open.add(open).ok_or_else(|| Fault::call("65535 handles are open; close some"))
    }

    /// Keeps a session that `make` makes of a policy.
    fn keep(
        &mut self,
        policy: i32,
        make: &dyn for<'p> Fn(&Self, &'p Policy) -> Result<Session<'p>, Fault>,
    ) -> Result<i32, Fault> {
        let session = make(self, self.policy(policy)?)?.detach();
        if self.room.len() > KEPT_BYTES {
            self.room = Vec::new();
        }
        self.add(Open::Session(policy, Some(Box::new(session))))
    }

    pub(super) fn session(&mut self, policy: i32, length: i32) -> Result<i32, Fault> {
        self.keep(policy, &|host, policy| Ok(decided(policy, value(host.bytes(length)?)?, host.now)?))
    }

    pub(super) fn restore(&mut self, policy: i32, token: i32, length: i32) -> Result<i32, Fault> {
        self.keep(policy, &|host, policy| {
            let split = usize::try_from(token).ok().and_then(|token| host.bytes(length).ok()?.split_at_checked(token));
            let (token, facts) = split.ok_or_else(|| Fault::call("the token is longer than the bytes of the call"))?;
            let facts = if facts.is_empty() { Vec::new() } else { Subject::read_facts(value(facts)?)? };
            // What is no text is no token.
            Ok(policy.restore(text(token).unwrap_or_default(), &facts)?)
        })
    }

    pub(super) fn with(&mut self, session: i32, length: i32) -> Result<i32, Fault> {
        let change = Change::from_value(value(self.bytes(length)?)?)?;
        let (policy, after) = self.read(session, &|policy, session| Ok((policy, session.with(&change)?.detach())))?;
        self.add(Open::Session(policy, Some(Box::new(after))))
    }

    /// What `read` reads from an open session and the handle of its policy.
    fn read<T>(&mut self, handle: i32, read: &dyn Fn(i32, &Session) -> Result<T, Fault>) -> Result<T, Fault> {
        let Some(Open::Session(policy, session)) = self.open.get_mut(handle) else {
            return Err(Fault::handle("session"));
        };
        let (policy, session) = (*policy, session.take());
        let session = session.ok_or_else(|| Fault::handle("session"))?.attach(self.policy(policy)?.program());
        let answer = read(policy, &session);
        let session = Box::new(session.detach());
        if let Some(Open::Session(_, place)) = self.open.get_mut(handle) {
            *place = Some(session);
        }
        answer
    }

    /// Answers the bytes that `read` makes of a session and the text of the call.
    fn tell(
        &mut self,
        session: i32,
        length: i32,
        read: &dyn Fn(&Session, &str) -> Result<Vec<u8>, Fault>,
    ) -> Result<i32, Fault> {
        let text = self.text(length)?.to_owned();
        let answer = self.read(session, &|_, session| read(session, &text))?;
        Ok(self.answer(answer))
    }

    pub(super) fn operation(&self, policy: i32, length: i32) -> Result<i32, Fault> {
        let (policy, id) = (self.policy(policy)?, self.text(length)?);
        let found = policy.program().operations.find(id).and_then(|index| i32::try_from(index).ok());
        found.ok_or_else(|| policy.unknown("operation", id).into())
    }

    pub(super) fn can(&mut self, session: i32, length: i32) -> Result<i32, Fault> {
        let id = self.text(length)?.to_owned();
        self.read(session, &|_, session| Ok(session.can(&id)?.into()))
    }

    pub(super) fn can_at(&mut self, session: i32, operation: i32) -> Result<i32, Fault> {
        self.read(session, &|_, session| {
            let operation = usize::try_from(operation).ok().and_then(|index| session.program().operations.get(index));
            let operation = operation.ok_or_else(|| Fault::call("no operation has this number"))?;
            Ok((session.verdict(operation.decision) == Verdict::Yes).into())
        })
    }

    pub(super) fn allowed_bits(&mut self, session: i32) -> Result<i32, Fault> {
        self.tell(session, 0, &|session, _| {
            let mut bits = vec![0; session.program().operations.len().div_ceil(8)];
            for index in allowed(session) {
                bits.get_mut(index / 8).into_iter().for_each(|byte| *byte |= 1 << (index % 8));
            }
            Ok(bits)
        })
    }

    pub(super) fn decide(&mut self, session: i32, length: i32) -> Result<i32, Fault> {
        self.tell(session, length, &|session, id| Ok(answers::decision(&session.decide(id)?)))
    }

    pub(super) fn allowed(&mut self, session: i32) -> Result<i32, Fault> {
        self.tell(session, 0, &|session, _| Ok(answers::ids(session.allowed())))
    }

    pub(super) fn menu(&mut self, session: i32) -> Result<i32, Fault> {
        self.tell(session, 0, &|session, _| Ok(answers::menu(session)))
    }

    pub(super) fn menu_item(&mut self, session: i32, length: i32) -> Result<i32, Fault> {
        self.tell(session, length, &|session, id| {
            let item = answers::menu_item(session, id);
            item.ok_or_else(|| unknown_id(session.program(), "menu item", id, "").into())
        })
    }

    pub(super) fn holds(&mut self, session: i32, length: i32) -> Result<i32, Fault> {
        self.tell(session, length, &|session, id| Ok(answers::holding(&session.holds(id)?, &session.from(id)?)))
    }

    pub(super) fn token(&mut self, session: i32) -> Result<i32, Fault> {
        self.tell(session, 0, &|session, _| Ok(session.token().into()))
    }

    pub(super) fn subject(&mut self, session: i32) -> Result<i32, Fault> {
        self.tell(session, 0, &|session, _| Ok(session.inputs(None)?.into()))
    }

    pub(super) fn inputs(&mut self, session: i32, length: i32) -> Result<i32, Fault> {
        self.tell(session, length, &|session, id| Ok(session.inputs(Some(id))?.into()))
    }

    pub(super) fn snapshot(&mut self, session: i32) -> Result<i32, Fault> {
        self.tell(session, 0, &|session, _| Ok(answers::snapshot(session)))
    }

    pub(super) fn valid_until(&mut self, session: i32) -> f64 {
        let until = self.read(session, &|_, session| Ok(session.valid_until().map_or(f64::INFINITY, f64::from)));
        until.unwrap_or(f64::NAN)
    }

    /// Evaluates one subject after the other: their text takes longer to read than they to decide.
    pub(super) fn population(&mut self, policy: i32, length: i32) -> Result<i32, Fault> {
        let Value::List(subjects) = value(self.bytes(length)?)? else {
            return Err(Fault::call("not a list of subjects"));
        };
        let policy = self.policy(policy)?;
        let (operations, stride) = (&policy.program().operations, subjects.len().div_ceil(8));
        let mut planes = Vec::new();
        let size = (operations.len() + 1).saturating_mul(stride);
        if size > MOST_ANSWER || planes.try_reserve_exact(size).is_err() {
            return Err(Fault::call("too many subjects; pass fewer at a time"));
        }
        planes.resize(size, 0_u8);
        for (row, subject) in subjects.into_iter().enumerate() {
            let mut set = |plane: usize| {
                planes.get_mut(plane * stride + row / 8).into_iter().for_each(|byte| *byte |= 1 << (row % 8));
            };
            match decided(policy, subject, self.now) {
                Ok(session) => allowed(&session).for_each(&mut set),
                Err(_) => set(operations.len()),
            }
        }
        self.room = Vec::new();
        Ok(self.answer(planes))
    }

    pub(super) fn close(&mut self, handle: i32) -> Result<i32, Fault> {
        match self.open.remove(handle) {
            Some(Open::Policy(_)) => {
                if handle == self.embedded {
                    self.embedded = 0; // its number comes again
                }
                self.open.retain(|open| !matches!(open, Open::Session(policy, _) if *policy == handle));
            }
            Some(Open::Session(..)) => {}
            None => return Err(Fault::handle("policy or session")),
        }
        Ok(0)
    }
}

/// Evaluates a subject at a time.
fn decided(policy: &Policy, subject: Value, now: Option<u64>) -> Result<Session<'_>, SubjectError> {
    let state = policy.state(&Subject::from_value(subject)?, now)?;
    Session::evaluate(policy.program(), state)
}

/// The numbers of the operations that are allowed.
fn allowed(session: &Session) -> impl Iterator<Item = usize> {
    let is_allowed = |operation: &Operation| session.verdict(operation.decision) == Verdict::Yes;
    let operations = session.program().operations.iter().enumerate();
    operations.filter(move |(_, operation)| is_allowed(operation)).map(|(index, _)| index)
}

fn address(bytes: &[u8]) -> u32 {
    to_u32(bytes.as_ptr() as usize)
}

fn text(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| Fault::call("the text is not UTF-8"))
}

fn value(bytes: &[u8]) -> Result<Value, Fault> {
    json::read(bytes).ok_or_else(|| Fault::call("the text is not JSON"))
}
