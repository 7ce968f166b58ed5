/** A server-sent event: its type, its data, and where the stream is after it, when that was told. */
export interface SentEvent { id: string | undefined; event: string | undefined; data: string }

/**
 * Reads server-sent events from lines (the event stream of the HTML standard, as far as the API sends it). An id without
 * data is passed on too, with empty data: the place from which to go on.
 */
export async function* sentEvents(lines: AsyncIterable<string>): AsyncGenerator<SentEvent> {
  let id: string | undefined;
  let event: string | undefined;
  let data: string[] = [];
  for await (const line of lines) {
    if (line === '') {
      if (id !== undefined || data.length > 0) yield { id, event, data: data.join('\n') };
      [id, event, data] = [undefined, undefined, []];
    } else if (line.startsWith('id: ')) id = line.slice('id: '.length);
    else if (line.startsWith('event: ')) event = line.slice('event: '.length);
    else if (line.startsWith('data: ')) data.push(line.slice('data: '.length));
  }
}
