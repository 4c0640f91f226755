"""Sends a signed delivery to each configured source, and a forged one, to the stack that `make up` started.

    deliveries.py LANDFALL          LANDFALL is the path of the command line

Prints where the sources are reached, and what became of the deliveries. Ends with an error if one was answered otherwise
than it should be.
"""

import json
import subprocess
import sys
import time

HEADINGS = ["source", "event id", "answer", "ms to answer", "ms to done", "state"]
# A handler may fail once and be tried again, so this is longer than one backoff.
PATIENCE_SECONDS = 60
# So many deliveries show that it works.
MOST = 10


def landfall(*arguments):
    """What the command line prints as JSON, or an error with what it says."""
    result = subprocess.run([sys.argv[1], *arguments, "--json"], capture_output=True, text=True)
    try:
        return json.loads(result.stdout)
    except json.JSONDecodeError:
        sys.exit(f"landfall {' '.join(arguments)}\n{result.stdout}{result.stderr}")


def send(source, *options):
    began = time.monotonic()
    [answer] = landfall("send", "--source", source, *options)
    return {"source": source, "began": began, "answer": answer, "state": None, "done": None}


def wait_for(deliveries):
    """Looks at each event until it has succeeded or failed."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while waiting := [delivery for delivery in deliveries if delivery["done"] is None]:
        for delivery in waiting:
            event = landfall("events", "show", delivery["source"], delivery["answer"]["event_id"])
            delivery["state"] = event.get("state")
            if delivery["state"] in ("succeeded", "failed"):
                delivery["done"] = time.monotonic()
        if time.monotonic() > deadline:
            return
        time.sleep(0.1)


def row(delivery):
    answer, done = delivery["answer"], delivery["done"]
    return [
        delivery["source"],
        answer.get("event_id") or "-",
        answer["status"],
        f"{answer['ms']:.0f}",
        f"{(done - delivery['began']) * 1000:.0f}" if done else "-",
        delivery["state"] or "-",
    ]


def table(rows):
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def main():
    sources = landfall("sources")
    if not sources:
        print("\nNo source is configured for the environment local: add one to infra/landfall.toml.")
        return
    print(f"\n{table([['source', 'URL'], *([source['source'], source['url']] for source in sources)])}\n")

    # Where keys are fetched, only the provider signs.
    names = [source["source"] for source in sources if source["secret"] == "there"][:MOST]
    if names:
        print("Sending a signed delivery to each, and a forged one ...\n", flush=True)
        deliver(names)

    print(f"""
The stack is still running. Try:

  {sys.argv[1]} send --source {(names or ["NAME"])[0]}
  {sys.argv[1]} events list --since 1h
  {sys.argv[1]} --help

`make down` stops it.""")


def deliver(names):
    signed = [send(name) for name in names]
    forged = send(names[0], "--forge")
    accepted = [delivery for delivery in signed if delivery["answer"]["status"] // 100 == 2]
    wait_for([delivery for delivery in accepted if delivery["answer"]["event_id"]])

    forged_row = row(forged)
    forged_row[0] += " (forged)"
    print(table([HEADINGS, *map(row, signed), forged_row]))

    wrong = [delivery["source"] for delivery in signed if delivery not in accepted]
    if forged["answer"]["status"] // 100 != 4:
        wrong.append("the forged delivery")
    if wrong:
        sys.exit(f"\nNot answered as it should be: {', '.join(wrong)}. The functions' log lines: make logs")
    unfinished = [delivery["source"] for delivery in accepted if delivery["state"] != "succeeded"]
    if unfinished:
        print(f"\nRecorded, but not done: {', '.join(unfinished)}. What the handlers said: make logs")


if __name__ == "__main__":
    main()
