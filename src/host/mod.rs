//! The exports of `host.wasm`: all of a session for hosts in any language, over numbers and text. `docs/host.md` defines them.
//!
//! A host writes the bytes of a call where [`room`] says, calls, and reads what it returns: a number, or the length of the bytes at
//! [`answer`]. Below 0 it is minus the length of an error there, `{ code, id, message }` as JSON. The module has no imports.
//! An instance has one thread; the lock is never contended, and only makes the state safe to share for the compiler.
#![expect(unsafe_code, reason = "exports have fixed names")]

mod answers;
#[cfg(feature = "component")]
mod component;
mod embedded;
mod fault;
mod handles;
mod memory;
mod state;

use fault::Fault;
use state::Host;
use std::sync::Mutex;

static HOST: Mutex<Host> = Mutex::new(Host::new());

/// Runs a call, and keeps the error that it returns as the answer.
fn call(run: &dyn Fn(&mut Host) -> Result<i32, Fault>) -> i32 {
    let Ok(mut host) = HOST.lock() else { return i32::MIN };
    match run(&mut host) {
        Ok(result) => result,
        Err(fault) => -host.answer(answers::fault(&fault)),
    }
}

/// Makes room for `length` bytes of the next call and returns their address, or 0 if there is no memory for them. The address is
/// valid until the next call but of [`room`].
#[unsafe(no_mangle)]
extern "C" fn room(length: i32) -> u32 {
    HOST.lock().map_or(0, |mut host| host.room(length))
}

/// The address of the bytes that the last call answered.
#[unsafe(no_mangle)]
extern "C" fn answer() -> u32 {
    HOST.lock().map_or(0, |host| host.answer_address())
}

/// Sets the time of the sessions and populations that are made from now on, in seconds since 1970: a negative number or NaN for none.
#[unsafe(no_mangle)]
extern "C" fn now(seconds: f64) {
    if let Ok(mut host) = HOST.lock() {
        host.set_now(seconds);
    }
}

/// When the session ends, in seconds since 1970, or infinity. NaN for a number that is no session.
#[unsafe(no_mangle)]
extern "C" fn valid_until(session: i32) -> f64 {
    HOST.lock().map_or(f64::NAN, |mut host| host.valid_until(session))
}

/// Exports the calls of [`Host`] with these names and numbers.
macro_rules! calls {
    ($($(#[$doc:meta])* $name:ident($($number:ident),*);)*) => {$(
        $(#[$doc])*
        #[unsafe(no_mangle)]
        extern "C" fn $name($($number: i32),*) -> i32 {
            call(&|host| host.$name($($number),*))
        }
    )*};
}

calls! {
    /// Opens a pack, or, where `length` is 0, the pack that is embedded in the module. Returns its handle.
    open(length);

    /// The names of a policy: ids, title, version, fingerprint and tables of ids in policy order.
    describe(policy);

    /// Evaluates a subject. Returns the handle of the session.
    session(policy, length);

    /// Evaluates the subject of a token: of `length` bytes, the first `token` are the token, the others the facts.
    restore(policy, token, length);

    /// The session after a change. Returns its handle; the session before stays.
    with(session, length);

    /// The number of an operation, for [`can_at`] and the bits of [`allowed_bits`].
    operation(policy, length);

    /// Whether an operation is allowed: 1 or 0.
    can(session, length);

    /// Whether the operation with this number is allowed: 1 or 0.
    can_at(session, operation);

    /// Whether each operation is allowed: a bit for each, from the lowest bit of the first byte.
    allowed_bits(session);

    /// The decision on an operation and its obligations.
    decide(session, length);

    /// The allowed operations, without those that restrict.
    allowed(session);

    /// The menu as a tree.
    menu(session);

    /// A menu item, with what is below it.
    menu_item(session, length);

    /// What is granted and effective of a privilege, and from whom.
    holds(session, length);

    /// The token of the subject.
    token(session);

    /// The subject.
    subject(session);

    /// The part of the subject that an operation reads.
    inputs(session, length);

    /// The decisions and the menu as a snapshot.
    snapshot(session);

    /// Evaluates a list of subjects. The answer is a plane of bits for each operation, and one of the refused subjects.
    population(policy, length);

    /// Frees a session, or a policy with its sessions.
    close(handle);
}
