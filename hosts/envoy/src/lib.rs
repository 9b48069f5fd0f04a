#![doc = include_str!("../README.md")]

pub mod config;
mod filter;
pub mod routes;
