import { Suspense, use, useId, type ReactElement } from "react";

import { cleanToken, type Session, type SignIn } from "./session.ts";
import { language, texts } from "./texts.ts";

interface SessionBarProps {
  readonly session: Session;
  readonly onToken: (token: string) => void;
}

/** The bar above the explorer: whose eyes you look through, and a field to change that. */
export function SessionBar({ session, onToken }: SessionBarProps): ReactElement {
  const field = useId();
  const hint = useId();
  return (
    <header className="session-bar" lang={language}>
      <p className="session-brand">
        <strong>Talent Commons</strong> <span>{texts.explorer}</span>
      </p>
      <form
        key={session.token}
        className="session-form"
        action={(data) => {
          const pasted = data.get("token");
          if (typeof pasted === "string") onToken(cleanToken(pasted));
        }}
      >
        <label htmlFor={field}>{texts.token}</label>
        <input
          id={field}
          name="token"
          type="password"
          defaultValue={session.token}
          autoComplete="off"
          spellCheck={false}
          aria-describedby={hint}
        />
        <button type="submit">{texts.use}</button>
        {session.token !== "" && (
          <button
            type="button"
            onClick={() => {
              onToken("");
            }}
          >
            {texts.forget}
          </button>
        )}
        <span id={hint} className="session-hint">
          {texts.tokenHint}
        </span>
      </form>
      <p className="session-status" role="status">
        <Suspense fallback={texts.checking}>
          <Status signIn={session.signIn} />
        </Suspense>
      </p>
    </header>
  );
}

function Status({ signIn }: { readonly signIn: Promise<SignIn> }): ReactElement {
  const state = use(signIn);
  return (
    <span className="session-state" data-state={state.kind}>
      {state.kind === "signedIn" ? texts.signedInAs(state.name) : texts[state.kind]}
    </span>
  );
}
