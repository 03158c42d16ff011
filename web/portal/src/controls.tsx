/** What every step is made of. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { language, texts } from './texts';

/** A screen with one heading, to which the focus moves, so that a screen reader begins there. */
export function Screen({ title, children }: { title: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    scrollTo(0, 0);
  }, [title]);
  return (
    <main>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </main>
  );
}

export function Buttons({ children }: { children: ComponentChildren }) {
  return <div class="buttons">{children}</div>;
}

interface ButtonProps {
  onClick: () => void;
  quiet?: boolean;
  disabled?: boolean;
  /** What a screen reader says where the button's own words do not say which. */
  label?: string;
  children: ComponentChildren;
}

export function Button({ onClick, quiet = false, disabled = false, label, children }: ButtonProps) {
  return (
    <button type="button" class={quiet ? 'quiet' : ''} disabled={disabled} aria-label={label} onClick={onClick}>
      {children}
    </button>
  );
}

export function Lines({ of: lines }: { of: readonly string[] }) {
  return (
    <ul class="lines">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

interface TickProps {
  label: string;
  /** What it means, in smaller words below. */
  means?: string;
  checked: boolean;
  change: (checked: boolean) => void;
}

export function Tick({ label, means, checked, change }: TickProps) {
  return (
    <label class="choice">
      <input type="checkbox" checked={checked} onChange={(event) => change(event.currentTarget.checked)} />
      <span>
        {label}
        {means && <span class="small means">{means}</span>}
      </span>
    </label>
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  name: string;
  options: readonly (readonly [T, string])[];
  chosen: T | null;
  choose: (value: T) => void;
}

export function Choice<T extends string>({ legend, name, options, chosen, choose }: ChoiceProps<T>) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {options.map(([value, label]) => (
        <label key={value} class="choice">
          <input type="radio" name={name} checked={chosen === value} onChange={() => choose(value)} /> {label}
        </label>
      ))}
    </fieldset>
  );
}

interface WaysProps<T extends string> {
  ways: readonly { way: T; label: string; means?: string }[];
  next: (way: T) => void;
  back?: () => void;
}

/** One question on a screen: each answer leads on by itself. */
export function Ways<T extends string>({ ways, next, back }: WaysProps<T>) {
  return (
    <>
      <div class="ways">
        {ways.map(({ way, label, means }) => (
          <button key={way} type="button" class="quiet" onClick={() => next(way)}>
            <span>
              {label}
              {means && <span class="small means">{means}</span>}
            </span>
          </button>
        ))}
      </div>
      {back && (
        <Buttons>
          <Button quiet onClick={back}>
            {texts.back}
          </Button>
        </Buttons>
      )}
    </>
  );
}

/** Of no country: the association of help lines for young people. */
const EVERYWHERE = 'https://childhelplineinternational.org/helplines/';

/** The page of help lines; from a file on the device, where there are some for every country. In a new tab. */
export function HelpLine({ label }: { label: string }) {
  return (
    <p>
      <a
        href={location.protocol === 'file:' ? EVERYWHERE : `/${language()}/help`}
        target="_blank"
        rel="noopener noreferrer"
      >
        {label}
      </a>
    </p>
  );
}
