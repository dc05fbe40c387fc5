import { useId } from 'react';
import type { ImportMapping, ImportPreview } from '../../preload/values.js';
import { countOf, fileName } from '../session/knowledge-words.js';
import { assign, fields, fieldWords, kindOf, type Role, roleOf, sectionKinds } from './mapping.js';

interface Props {
  table: ImportPreview['tables'][number];
  /** Tables besides this one that the same mapping is used for. */
  others: number;
  onChange(mapping: ImportMapping): void;
}

const isRole = (value: string): value is Role =>
  value === 'unused' || value === 'section' || fields.some((field) => field === value);

/** Which column of a table holds what, with values of its first rows to tell by. */
export function MappingTable({ table, others, onChange }: Props) {
  const { columns, rows, mapping, file } = table;
  const kinds = useId();
  return (
    <section className="mapping" aria-label={`Columns of ${fileName(file)}`} data-testid="mapping">
      <h3>
        Columns of <span className="file-name">{fileName(file)}</span>
      </h3>
      <p className="quiet">
        Each record becomes a document. What is not used is not stored.
        {others > 0 && ` The same holds for ${countOf(others, 'other table')}.`}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Used as</th>
            <th scope="col">Section</th>
            <th scope="col">Values</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column, at) => {
            const role = roleOf(mapping, column);
            return (
              <tr key={column} data-testid="mapping-row" data-column={column} data-role={role}>
                <th scope="row">{column}</th>
                <td>
                  <select
                    aria-label={`${column} is used as`}
                    value={role}
                    onChange={({ target }) =>
                      isRole(target.value) && onChange(assign(mapping, columns, column, target.value))
                    }
                  >
                    <option value="unused">Not used</option>
                    <option value="section">Text</option>
                    {fields.map((field) => (
                      <option key={field} value={field}>
                        {fieldWords[field]}
                      </option>
                    ))}
                  </select>
                </td>
                <td>
                  {role === 'section' && (
                    <input
                      key={kindOf(mapping, column)}
                      list={kinds}
                      aria-label={`Section that ${column} makes`}
                      defaultValue={kindOf(mapping, column)}
                      maxLength={40}
                      onBlur={({ target }) => {
                        const kind = target.value.trim().toLowerCase();
                        if (kind !== '' && kind !== kindOf(mapping, column))
                          onChange(assign(mapping, columns, column, 'section', kind));
                      }}
                    />
                  )}
                </td>
                <td className="values">
                  {rows.slice(0, 3).map((row, line) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity than their place
                    <span key={line} title={row[at]}>
                      {row[at] || <em>empty</em>}
                    </span>
                  ))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <datalist id={kinds}>
        {sectionKinds.map((kind) => (
          <option key={kind} value={kind} />
        ))}
      </datalist>
    </section>
  );
}
