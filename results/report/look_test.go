package report
import ("testing";"os";"math";"math/rand/v2")
func TestLook(t *testing.T){ dir:=os.Getenv("LOOK"); if dir==""{t.Skip()}
 out,err:=Write(dir,fullRun()); t.Log(out.Skipped,len(out.Files),err); f,_:=os.Create(dir+"/print.txt"); Print(f,fullRun()); f.Close()
 s:=sweep{methods:[]string{"spfq/order-1","spfq/order-4","spfq/exact","spfq/exact-max","spfq/none","gpfq/order-1","rtn/none","stochastic/none","optq/none"},widths:[]int{64,128,256,512},bits:[]float64{math.Inf(1)},layers:3,trials:5}
 run:=synthetic(s); for i:=range run.Records { r:=&run.Records[i]; f:=map[string]float64{"none":1.9,"order-1":1,"order-4":.8,"exact-max":.6,"exact":.9}[r.Align]; if r.Method=="spfq"{r.RelSqError*=results_(f)} }
 out,err=Write(dir+"/ablation",run); t.Log(out.Skipped,len(out.Files),err)
 // samples
 rr:=rand.New(rand.NewPCG(1,1)); run=Run{Name:"samples"}
 for _,m:=range []string{"spfq/exact","gpfq/order-1","rtn/none"} { for _,smp:=range []int{8,16,32,64,128} { for _,n:=range []int{256,1024} { for tr:=range 4 { r:=s.record(rr,m,n,math.Inf(1),tr); r.Samples=smp; if m!="rtn/none" {r.RelSqError*=results_(float64(smp)/32)}; _=n; if n==256 {run.Records=append(run.Records,r)} } } } }
 out,err=Write(dir+"/samples",run); t.Log(out.Skipped,len(out.Files),err)
}
