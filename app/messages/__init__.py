"""The outbox: what is said to persons by SMS and in the site, written in the transaction that causes it and delivered
after. Not here: the SMS provider (gateways/sms) and when something is said (reactions)."""
