//! Runs the examples of `examples/*.rs`, which `cargo test` and `cargo build --examples` build.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

/// The command of an example. The examples' folder is beside that of this test.
fn example(name: &str) -> Command {
    let tests = std::env::current_exe().unwrap();
    let path = tests.parent().unwrap().with_file_name("examples").join(name);
    assert!(path.exists(), "{} is missing; run `cargo build --examples`", path.display());
    Command::new(path)
}

fn output(name: &str) -> String {
    let output = example(name).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn decide_prints_the_allowed_operations() {
    let all = output("decide");
    assert!(all.starts_with("email-accounts.open\nemail-accounts.create\n"), "{all}");
}

#[test]
fn explain_prints_the_reason_and_the_fix() {
    let expected = "Open Email Accounts: denied, because Modify Email Accounts is not granted.\n\
        Grant Modify Email Accounts. This also opens “Create an email account”, “Edit an email account” and \
        “Delete an email account”. (cost 1)\n";
    assert_eq!(output("explain"), expected);
}

#[test]
fn serve_answers() {
    let mut server = example("serve").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("http://").unwrap().to_owned();
    let post = |operation: &str, subject: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        let length = subject.len();
        write!(stream, "POST /{operation} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{subject}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let subject = r#"{"grants":{"modify-email-accounts":true},"facts":{"email-allowed":true}}"#;
    let answers = [
        post("email-accounts.open", subject),
        post("email-accounts.open", r#"{"facts":{"email-allowed":true}}"#),
        post("email-accounts.open", "{}"), // undecided
        post("email-accounts.opn", subject),
        post("email-accounts.open", r#"{"grants":{"modify-email-account":true}}"#),
        post("email-accounts.open", "[1"),
    ];
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(answers, ["200", "403", "403", "400", "400", "400"]);
}
