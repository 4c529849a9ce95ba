"""What everybody may read: notices (通知公告), review conditions (评审条件), templates for download (模板).
Not here: the public notices about persons (public_notices)."""
