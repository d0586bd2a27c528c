from accounts import mail
from foundation import bells

send_mail = bells.answers("send_mail")(mail.send_due_mail)
