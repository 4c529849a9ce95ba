"""Fees: the order that falls due with 完结, its QR page, the provider's callback, waivers and the term.
Not here: the payment provider (gateways/payment) and what a paid fee moves (reactions)."""
