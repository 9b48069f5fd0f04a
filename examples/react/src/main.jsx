import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { PrivetProvider } from "privet/react";
import { App } from "./app.jsx";
import { store } from "./session.js";

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <PrivetProvider store={store} announce={({ gained, lost }) => `${gained.length} more, ${lost.length} fewer`}>
      <App />
    </PrivetProvider>
  </StrictMode>,
);
