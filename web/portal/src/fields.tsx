/** Fields to write in, a button that copies, a link that leaves: for what comes later than the first screen. */

import './fields.css';
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Button } from './controls';
import { fill } from './texts';
import { t } from './texts/notice';

interface FieldProps {
  label: string;
  hint?: string;
  /** What is wrong with it, said at once to a screen reader. */
  problem?: string | null;
  free?: boolean;
  children: (attributes: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ComponentChildren;
}

/** A label, the field, a hint and what is wrong, tied together. */
export function Field({ label, hint, problem, free = false, children }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{free ? fill(t.notNeeded, { label }) : label}</label>
      {hint && (
        <p class="small" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({ id, 'aria-describedby': `${id}-hint ${id}-problem`, 'aria-invalid': Boolean(problem) })}
      <p class="problem" id={`${id}-problem`} role="alert">
        {problem}
      </p>
    </div>
  );
}

interface TextProps extends Omit<FieldProps, 'children'> {
  value: string;
  change: (value: string) => void;
  type?: 'text' | 'email' | 'url' | 'date' | 'datetime-local';
  most?: number;
}

/** One line. Nothing of it is remembered, corrected or completed by the browser. */
export function Text({ value, change, type = 'text', most = 254, ...field }: TextProps) {
  // Not the browser's own types for these two: what it says of a wrong one is not kind.
  const kind = (type === 'url' || type === 'email' ? 'text' : type) as 'text';
  return (
    <Field {...field}>
      {(attributes) => (
        <input
          {...attributes}
          type={kind}
          inputMode={type === 'url' || type === 'email' ? type : undefined}
          dir={type === 'url' || type === 'email' ? 'ltr' : 'auto'}
          value={value}
          maxLength={most}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => change(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface SelectProps<T extends string> extends Omit<FieldProps, 'children'> {
  options: readonly (readonly [T, string])[];
  /** What stands there as long as nothing is chosen. */
  none: string;
  chosen: T | '';
  choose: (value: T | '') => void;
}

export function Select<T extends string>({ options, none, chosen, choose, ...field }: SelectProps<T>) {
  return (
    <Field {...field}>
      {(attributes) => (
        <select {...attributes} value={chosen} onChange={(event) => choose(event.currentTarget.value as T | '')}>
          <option value="">{none}</option>
          {options.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Copy({ text, label, quiet = false }: { text: string; label: string; quiet?: boolean }) {
  const [copied, setCopied] = useState('');
  return (
    <>
      <Button quiet={quiet} onClick={() => navigator.clipboard.writeText(text).then(() => setCopied(text))}>
        {label}
      </Button>
      <span role="status" class="small">
        {copied === text ? t.copied : ''}
      </span>
    </>
  );
}

/** A link that leaves this page. It opens beside it, because what was typed here is nowhere else. */
export function Out({ to, plain = false, children }: { to: string; plain?: boolean; children: ComponentChildren }) {
  return (
    <a class={plain ? 'button plain' : 'button'} href={to} target="_blank" rel="noreferrer">
      {children}
      <span class="unseen"> ({t.newTab})</span>
    </a>
  );
}
