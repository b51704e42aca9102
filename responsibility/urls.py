from django.urls import path

from responsibility import duty_periods, mail, secrecy
from responsibility.desk import escalations, inbox, my_work

urlpatterns = [
    path("desk/", my_work.my_work, name="desk"),
    path("desk/inbox/", inbox.inbox, name="inbox"),
    path("desk/inbox/read/", inbox.read_all, name="inbox_read"),
    path("desk/inbox/<notice:pk>/", inbox.notice, name="notice"),
    path("desk/preferences/", mail.preferences, name="mail_preferences"),
    path("desk/undelivered/", mail.failed, name="undelivered"),
    path("desk/secrecy/", secrecy.secrecy, name="secrecy"),
    path("desk/secrecy/<reader:pk>/", secrecy.declare, name="declare"),
    path("desk/duties/<slug:number>/", duty_periods.duty_period, name="duty_period"),
    path("desk/escalations/", escalations.escalations, name="escalations"),
    path("desk/escalations/acknowledge/", escalations.acknowledge_many, name="acknowledge_many"),
    path("desk/escalations/<escalation:pk>/", escalations.escalation, name="escalation"),
    path("desk/escalations/<escalation:pk>/acts/<slug:slug>/", escalations.escalation_act, name="escalation_act"),
]
