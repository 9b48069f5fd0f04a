//! An HTTP server that decides: `cargo run --example serve`, then `curl -d '{"grants":{}}' ADDRESS/OPERATION`.
//!
//! The body is a subject as JSON. The answer is 200 if the operation is allowed, 403 if it is denied or undecided, and 400 for a
//! subject or operation that the policy does not know. `examples/server` shows one that verifies who sends the request.

use privet::{Policy, Subject, SubjectError, Value};
use std::error::Error;
use tiny_http::{Response, Server};

fn decide(policy: &Policy, operation: &str, subject: Value) -> Result<bool, SubjectError> {
    policy.session(&Subject::from_value(subject)?)?.can(operation)
}

/// Answers requests until the server is unblocked.
fn serve(policy: &Policy, server: &Server) -> Result<(), Box<dyn Error>> {
    for mut request in server.incoming_requests() {
        let operation = request.url().trim_start_matches('/').to_owned();
        let (status, text) = match serde_json::from_reader(request.as_reader()) {
            Err(error) => (400, error.to_string()),
            Ok(subject) => match decide(policy, &operation, subject) {
                Ok(true) => (200, "allowed".into()),
                Ok(false) => (403, "not allowed".into()),
                Err(error) => (400, error.to_string()),
            },
        };
        request.respond(Response::from_string(text).with_status_code(status))?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::compile(privet::policies::VICIDIAL)?;
    let server = Server::http("127.0.0.1:0").map_err(|error| error.to_string())?;
    println!("http://{}", server.server_addr());
    serve(&policy, &server)
}
