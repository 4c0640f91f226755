"""What came of events beyond the ledger: at the services that they were sent to, and in the accounts of the handler `credit`."""

import json
from collections import Counter, defaultdict

from plan import ACCOUNT, BANK, OUT

# The routes of landfall.toml to the services, each with the service that it leads to.
ROUTES = {"to-steady": "steady", "to-flaky": "flaky"}


class Effects:
    def __init__(self, services, accounts, events, works, sent):
        self.services, self.accounts = services, accounts
        self.works, self.sent = works, sent
        self.out = [key for key in events if key.startswith(f"{OUT}#")]
        self.paid = [key for key in events if key.startswith(f"{BANK}#")]
        self.receipts = defaultdict(list)  # event and route -> what has come of it
        for receipt in services.receipts:
            self.receipts[receipt.key, receipt.route].append(receipt)
        self.lost = [*self._never_arrived(), *self._never_credited()]
        self.misnamed = self._misnamed()
        self.credited_twice = self._credited_twice()

    def _leg(self, key, route):
        return self.works.get(key, {}).get("legs", {}).get(route)

    def _never_arrived(self):
        """Legs that have succeeded, but of which no service has said that it has them; and routes that were not gone."""
        for key in self.out:
            for route, service in ROUTES.items():
                leg = self._leg(key, route)
                if leg is None:
                    yield f"{key} has never gone {route}"
                elif leg["state"] == "succeeded" and not any(
                    receipt.told and receipt.service == service for receipt in self.receipts[key, route]
                ):
                    yield f"{key} is said to have gone {route}, but {service} has not taken it"

    def _misnamed(self):
        """Each leg has one webhook-id, over all its tries, and no other leg has it."""
        found, legs = [], defaultdict(set)
        for leg, receipts in self.receipts.items():
            names = {receipt.name for receipt in receipts}
            if len(names) > 1:
                found.append(f"{leg[0]} has come by {leg[1]} under {len(names)} names")
            for name in names:
                legs[name].add(leg)
        found += [f"{name} names {len(of)} legs" for name, of in legs.items() if len(of) > 1]
        known = set(self.out)
        for key, route in self.receipts:
            if key not in known:
                found.append(f"{key} has come by {route}, but is not in the ledger")
            elif any(receipt.body != self.sent[key].body for receipt in self.receipts[key, route]):
                found.append(f"{key} has come by {route}, but not as it was sent")
        return found

    def _never_credited(self):
        done = set(self.accounts.done())
        for key in self.paid:
            if self.works.get(key, {}).get("state") == "succeeded" and key.partition("#")[2] not in done:
                yield f"{key} is said to have succeeded, but was not credited"

    def _credited_twice(self):
        """The balance is the sum of the payments whose keys are there, each of which is there once."""
        done = Counter(self.accounts.done())
        found = [f"{id} was credited {count} times" for id, count in done.items() if count > 1]
        amounts = [json.loads(self.sent[f"{BANK}#{id}"].body)["amount"] for id in done]
        balance = self.accounts.balance(ACCOUNT)
        if balance != sum(amounts):
            found.append(f"the balance is {balance}, and the payments come to {sum(amounts)}")
        return found

    def figures(self):
        states = Counter(
            f"legs {route}, {leg['state']}" for key in self.out for route in ROUTES if (leg := self._leg(key, route))
        )
        came = Counter(receipt.service for receipt in self.services.receipts)
        untold = sum(not receipt.told for receipt in self.services.receipts)
        again = sum(len(receipts) - 1 for receipts in self.receipts.values())
        return {
            **dict(sorted(states.items())),
            **{f"events that came to the service that is {name}": count for name, count in sorted(came.items())},
            "of these the service did not say that it had them": untold,
            "of these came again, under the name that they had before": again,
            "connections that a dead service closed": self.services.turned_away,
            "payments credited": len(self.accounts.done()),
        }
