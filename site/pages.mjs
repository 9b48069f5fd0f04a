// The pages of the site by section: a file of docs/ without its ending, and its name in the sidebar. A page is added by a line here; a page of docs/ that is not
// named fails the build.
export const sections = [
  {
    text: "Start",
    pages: [
      ["getting-started", "Getting started"],
      ["tour", "A tour"],
      ["recipes", "Recipes"],
    ],
  },
  {
    text: "Decide and show",
    pages: [
      ["language", "The language"],
      ["frameworks", "Frameworks"],
      ["bundlers", "Bundlers"],
      ["runtimes", "Runtimes"],
      ["edge", "Edge and servers"],
      ["authzen", "AuthZEN"],
      ["host", "Other hosts"],
      ["scale", "Scale"],
      ["rust", "Rust"],
    ],
  },
  {
    text: "Ask",
    pages: [
      ["why", "Why, in a page"],
      ["studio", "The studio"],
    ],
  },
  {
    text: "Tools",
    pages: [
      ["cli", "The command line"],
      ["editors", "Editors"],
      ["testing", "Policy tests"],
      ["ci", "CI and hooks"],
    ],
  },
  {
    text: "Reference",
    pages: [
      ["format", "Formats"],
      ["security", "Security"],
      ["trust", "Trust"],
      ["performance", "Performance"],
      ["releasing", "Releasing"],
    ],
  },
];
