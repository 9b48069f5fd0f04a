//! The exports of `component.wasm`: the calls of [`Host`](super::state::Host) as the interface of `wit/privet.wit`.
//!
//! Policies and sessions are resources. A session keeps its policy open, and what is dropped is closed.

use super::HOST;
use super::fault::Fault;
use super::state::Host;
use exports::privet::policy::policies::{
    Error, Guest, GuestPolicy, GuestSession, Policy as PolicyResource, Session as SessionResource,
};
use std::rc::Rc;

wit_bindgen::generate!({ world: "component", path: "wit" });

struct Component;
export!(Component);

impl Guest for Component {
    type Policy = Policy;
    type Session = Session;
}

/// An open policy, which is closed with its last owner.
struct Handle {
    number: i32,
    /// The embedded policy stays open: its next owner gets the same handle.
    is_embedded: bool,
}

impl Drop for Handle {
    fn drop(&mut self) {
        if !self.is_embedded {
            close(self.number);
        }
    }
}

struct Policy(Rc<Handle>);

struct Session {
    number: i32,
    policy: Rc<Handle>,
}

impl Drop for Session {
    fn drop(&mut self) {
        close(self.number);
    }
}

/// Closes a handle, which is open.
fn close(number: i32) {
    let _ = call(&[], &|host, _| host.close(number));
}

/// Runs a call with these bytes in the room.
fn call(bytes: &[u8], run: &dyn Fn(&mut Host, i32) -> Result<i32, Fault>) -> Result<i32, Error> {
    let failed = |fault: Fault| Error { code: fault.code.into(), id: fault.id, message: fault.message };
    let mut host = HOST.lock().map_err(|_| failed(Fault::call("the instance failed before; discard it")))?;
    let length = host.fill(bytes).map_err(failed)?;
    run(&mut host, length).map_err(failed)
}

/// Runs a call that answers bytes.
fn bytes(given: &str, run: &dyn Fn(&mut Host, i32) -> Result<i32, Fault>) -> Result<Vec<u8>, Error> {
    call(given.as_bytes(), run)?;
    Ok(HOST.lock().map(|mut host| host.take_answer()).unwrap_or_default())
}

/// Runs a call that answers a text.
fn text(given: &str, run: &dyn Fn(&mut Host, i32) -> Result<i32, Fault>) -> Result<String, Error> {
    Ok(String::from_utf8(bytes(given, run)?).unwrap_or_default())
}

fn set_now(now: Option<f64>) {
    if let Ok(mut host) = HOST.lock() {
        host.set_now(now.unwrap_or(f64::NAN));
    }
}

fn session(policy: &Rc<Handle>, number: i32) -> SessionResource {
    SessionResource::new(Session { number, policy: policy.clone() })
}

impl GuestPolicy for Policy {
    fn open(pack: Option<Vec<u8>>) -> Result<PolicyResource, Error> {
        let is_embedded = pack.is_none();
        let pack = pack.unwrap_or_default();
        let number = call(&pack, &|host, length| {
            let no_pack = if length == 0 && !is_embedded { crate::pack::Policy::open(&[]).map(|_| ()) } else { Ok(()) };
            no_pack.map_err(Fault::from).and_then(|()| host.open(length))
        })?;
        Ok(PolicyResource::new(Policy(Rc::new(Handle { number, is_embedded }))))
    }

    fn describe(&self) -> Result<String, Error> {
        text("", &|host, _| host.describe(self.0.number))
    }

    fn operation(&self, id: String) -> Result<u32, Error> {
        call(id.as_bytes(), &|host, length| host.operation(self.0.number, length)).map(i32::cast_unsigned)
    }

    fn session(&self, subject: String, now: Option<f64>) -> Result<SessionResource, Error> {
        set_now(now);
        let number = call(subject.as_bytes(), &|host, length| host.session(self.0.number, length))?;
        Ok(session(&self.0, number))
    }

    fn restore(&self, token: String, facts: String) -> Result<SessionResource, Error> {
        let both = [token.as_bytes(), facts.as_bytes()].concat();
        let token = i32::try_from(token.len()).unwrap_or(i32::MAX);
        let number = call(&both, &|host, length| host.restore(self.0.number, token, length))?;
        Ok(session(&self.0, number))
    }

    fn population(&self, subjects: String, now: Option<f64>) -> Result<Vec<u8>, Error> {
        set_now(now);
        bytes(&subjects, &|host, length| host.population(self.0.number, length))
    }
}

impl GuestSession for Session {
    fn can(&self, operation: String) -> Result<bool, Error> {
        call(operation.as_bytes(), &|host, length| host.can(self.number, length)).map(|can| can == 1)
    }

    fn allowed_bits(&self) -> Result<Vec<u8>, Error> {
        bytes("", &|host, _| host.allowed_bits(self.number))
    }

    fn decide(&self, operation: String) -> Result<String, Error> {
        text(&operation, &|host, length| host.decide(self.number, length))
    }

    fn allowed(&self) -> Result<String, Error> {
        text("", &|host, _| host.allowed(self.number))
    }

    fn menu(&self) -> Result<String, Error> {
        text("", &|host, _| host.menu(self.number))
    }

    fn menu_item(&self, id: String) -> Result<String, Error> {
        text(&id, &|host, length| host.menu_item(self.number, length))
    }

    fn holds(&self, privilege: String) -> Result<String, Error> {
        text(&privilege, &|host, length| host.holds(self.number, length))
    }

    fn token(&self) -> Result<String, Error> {
        text("", &|host, _| host.token(self.number))
    }

    fn subject(&self) -> Result<String, Error> {
        text("", &|host, _| host.subject(self.number))
    }

    fn inputs(&self, operation: String) -> Result<String, Error> {
        text(&operation, &|host, length| host.inputs(self.number, length))
    }

    fn snapshot(&self) -> Result<String, Error> {
        text("", &|host, _| host.snapshot(self.number))
    }

    fn valid_until(&self) -> Option<f64> {
        let until = HOST.lock().map_or(f64::NAN, |mut host| host.valid_until(self.number));
        (until < f64::INFINITY).then_some(until)
    }

    fn change(&self, change: String) -> Result<SessionResource, Error> {
        let number = call(change.as_bytes(), &|host, length| host.with(self.number, length))?;
        Ok(session(&self.policy, number))
    }
}
