import type { ReactNode } from 'react';
import { useDatasets } from '../session/datasets.js';
import { findingWords } from '../session/finding-words.js';
import { bodyRegions, regionName, sexWords } from '../session/knowledge-words.js';
import type { SearchForm } from './use-search.js';

interface Props {
  form: SearchForm;
  onChange(part: Partial<SearchForm>): void;
}

type Choice = 'bodyRegion' | 'view' | 'finding' | 'polarity' | 'sex' | 'kind' | 'dataset';

/** What a search is narrowed to. A text that does not say is let through. */
export function SearchFilters({ form, onChange }: Props) {
  const { list } = useDatasets();
  const choice = (
    name: Choice,
    label: string,
    options: readonly (readonly [value: string, word: string])[],
  ): ReactNode => (
    <label className={form[name] ? 'set' : undefined}>
      {label}
      <select
        value={form[name]}
        data-testid={`filter-${name}`}
        onChange={({ target }) => onChange({ [name]: target.value })}
      >
        <option value="">Any</option>
        {options.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
  const age = (name: 'ageFrom' | 'ageTo', label: string, placeholder: string) => (
    <input
      aria-label={label}
      inputMode="numeric"
      maxLength={3}
      placeholder={placeholder}
      value={form[name]}
      onChange={({ target }) => onChange({ [name]: target.value.replaceAll(/\D/g, '') })}
    />
  );
  return (
    <fieldset className="filters">
      <legend className="unseen">Filters</legend>
      {choice(
        'bodyRegion',
        'Body region',
        bodyRegions.map((region) => [region, regionName(region)]),
      )}
      {choice('view', 'View', [
        ['frontal', 'frontal'],
        ['lateral', 'lateral'],
      ])}
      {choice('finding', 'Finding', Object.entries(findingWords))}
      {choice('polarity', 'Stated as', [
        ['present', 'present'],
        ['absent', 'absent'],
        ['uncertain', 'uncertain'],
      ])}
      <div className={form.ageFrom || form.ageTo ? 'ages set' : 'ages'}>
        <span>Age</span>
        <span className="age-range">
          {age('ageFrom', 'Age from', 'from')}
          {age('ageTo', 'Age to', 'to')}
        </span>
      </div>
      {choice('sex', 'Sex', Object.entries(sexWords))}
      {choice('kind', 'Kind', [
        ['articles', 'articles'],
        ['reports', 'reports'],
      ])}
      {choice(
        'dataset',
        'Dataset',
        list.map((d) => [d.id, d.title]),
      )}
    </fieldset>
  );
}
