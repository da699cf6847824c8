import sys,time
t=time.time()
from pipelines.cli import executer
c=executer(sys.argv[1:]); print('code',c,round(time.time()-t,2),'s')
